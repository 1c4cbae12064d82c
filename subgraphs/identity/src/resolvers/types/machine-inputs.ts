import { DateTime } from '@platform/subgraph-server/graphql';
import { Field, ID, InputType } from 'type-graphql';

/** Arguments of `createApiKey`. */
@InputType({ description: "A new key of one's own." })
export class CreateApiKeyInput {
  @Field(() => String, { description: '1 to 100 characters.' })
  name!: string;

  @Field(() => [String], { description: 'Permission codes, at least one, all held by the caller.' })
  scopes!: string[];

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it stops working; identity.apiKeys.maxLifetime at the latest, where that is set.',
  })
  expiresAt?: Date | null;
}

/** Arguments of `createServiceAccount`. */
@InputType({ description: 'A new service account.' })
export class CreateServiceAccountInput {
  @Field(() => String, { description: 'Unique in the organization, 1 to 100 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'At most 500 characters.' })
  description?: string | null;

  @Field(() => [ID], {
    nullable: true,
    defaultValue: [],
    description: 'Roles of the active organization whose permissions the caller holds.',
  })
  roleIds?: string[] | null;
}

/** Arguments of `updateServiceAccount`: what is left out stays. */
@InputType({ description: 'A change of a service account.' })
export class UpdateServiceAccountInput {
  @Field(() => String, { nullable: true, description: '1 to 100 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 500 characters.' })
  description?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether its keys work.' })
  enabled?: boolean | null;
}

/** Arguments of `createServiceAccountKey`. */
@InputType({ description: 'A new key of a service account.' })
export class CreateServiceAccountKeyInput {
  @Field(() => ID)
  serviceAccountId!: string;

  @Field(() => String, { description: '1 to 100 characters.' })
  name!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'Permission codes to narrow the key to, all held by the caller; all that its roles allow without it, which the caller then holds.',
  })
  scopes?: string[] | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it stops working; never without it, unless identity.apiKeys.maxLifetime is set.',
  })
  expiresAt?: Date | null;
}
