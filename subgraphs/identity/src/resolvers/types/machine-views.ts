import { connectionOf, DateTime } from '@platform/subgraph-server/graphql';
import { createUnionType, Directive, Field, ID, ObjectType } from 'type-graphql';
import type { ApiKey, ServiceAccount } from '../../entities/index.js';
import type { UsableKey } from '../../services/machines/index.js';
import { UserView } from './user-view.js';

/** A service account, for callers who may see it. */
@ObjectType('ServiceAccount', {
  description:
    'A machine identity of an organization; authz adds its roles. Holders of identity.service_account.read see it.',
})
@Directive('@key(fields: "id")')
export class ServiceAccountView {
  constructor(readonly account: ServiceAccount) {}

  @Field(() => ID)
  get id(): string {
    return this.account.id;
  }

  @Field(() => String, { description: 'Unique in the organization, 1 to 100 characters.' })
  get name(): string {
    return this.account.name;
  }

  @Field(() => String, { nullable: true, description: 'What it is for, at most 500 characters.' })
  get description(): string | null {
    return this.account.description;
  }

  @Field(() => Boolean, { nullable: true, description: 'Whether its keys work.' })
  get enabled(): boolean {
    return this.account.enabled;
  }

  @Field(() => DateTime, { nullable: true })
  get createdAt(): Date {
    return this.account.createdAt;
  }

  @Field(() => DateTime, { nullable: true })
  get updatedAt(): Date {
    return this.account.updatedAt;
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'When a key of it was last used, to the minute; null: never.',
  })
  get lastUsedAt(): Date | null {
    return this.account.lastUsedAt;
  }
}

/** A page of service accounts. */
export const ServiceAccountConnection = connectionOf(ServiceAccountView, 'ServiceAccount');

export type ServiceAccountConnection = InstanceType<typeof ServiceAccountConnection>;

/** Whom a key acts for. */
export const ApiKeyOwner = createUnionType({
  name: 'ApiKeyOwner',
  description: 'Whom an API key acts for.',
  types: () => [UserView, ServiceAccountView] as const,
  resolveType: (owner) => (owner instanceof ServiceAccountView ? ServiceAccountView : UserView),
});

/** A key, for callers who may see it; never its secret. */
@ObjectType('ApiKey', {
  description:
    "A credential for programs; it acts in one organization, never beyond its scopes and its owner's permissions.",
})
@Directive('@key(fields: "id")')
export class ApiKeyView {
  constructor(readonly key: ApiKey) {}

  @Field(() => ID)
  get id(): string {
    return this.key.id;
  }

  @Field(() => String, { description: 'Name given by its maker.' })
  get name(): string {
    return this.key.name;
  }

  @Field(() => String, { description: 'Beginning of the secret, to recognise it by.' })
  get prefix(): string {
    return this.key.prefix;
  }

  @Field(() => [String], {
    description: 'Permission codes that the key is narrowed to; empty when it may do all that its service account may.',
  })
  get scopes(): string[] {
    return this.key.scopes;
  }

  @Field(() => DateTime)
  get createdAt(): Date {
    return this.key.createdAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it stops working; null: never.' })
  get expiresAt(): Date | null {
    return this.key.expiresAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to the minute; null: never.' })
  get lastUsedAt(): Date | null {
    return this.key.lastUsedAt;
  }
}

/** A page of keys. */
export const ApiKeyConnection = connectionOf(ApiKeyView, 'ApiKey');

export type ApiKeyConnection = InstanceType<typeof ApiKeyConnection>;

/** The only time that a key's secret is shown. */
@ObjectType({ description: "The only time the key's secret is shown." })
export class CreatedApiKey {
  @Field(() => ApiKeyView)
  readonly apiKey: ApiKeyView;

  @Field(() => String, { description: 'For the Authorization header, as Bearer.' })
  readonly secret: string;

  constructor({ key, secret }: { readonly key: ApiKey; readonly secret: string }) {
    this.apiKey = new ApiKeyView(key);
    this.secret = secret;
  }
}

/** A key as the router needs to know it. Not part of the public schema. */
@ObjectType('UsableApiKey')
@Directive('@inaccessible')
export class UsableApiKeyView implements UsableKey {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => ID)
  readonly organizationId!: string;

  @Field(() => ID, { nullable: true })
  readonly userId!: string | null;

  @Field(() => ID, { nullable: true })
  readonly serviceAccountId!: string | null;

  @Field(() => [String])
  readonly scopes!: string[];

  @Field(() => DateTime, { nullable: true })
  readonly expiresAt!: Date | null;
}
