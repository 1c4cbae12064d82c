import { connectionOf, DateTime } from '@platform/subgraph-server/graphql';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { type Organization, OrganizationStatus } from '../../entities/index.js';

registerEnumType(OrganizationStatus, {
  name: 'OrganizationStatus',
  description: 'State of an organization.',
  valuesConfig: {
    ACTIVE: { description: 'In use.' },
    SUSPENDED: { description: 'Nobody can act in it.' },
    DELETED: { description: 'Waits for its erasure.' },
  },
});

/** An organization as one viewer may see it: who is no member, such as who was invited, sees what it is called. */
@ObjectType('Organization', {
  description: 'A tenant: people act in it as its members. Its state is null for who is no member.',
})
@Directive('@key(fields: "id")')
export class OrganizationView {
  /** @param whole whether the viewer is a member, or sees every organization. */
  constructor(
    private readonly organization: Organization,
    private readonly isDefault: boolean,
    readonly whole: boolean,
  ) {}

  @Field(() => ID, { description: 'Opaque id; the tenant_id claim of access tokens.' })
  get id(): string {
    return this.organization.id;
  }

  @Field(() => String, { description: 'Name to show, 1 to 100 characters.' })
  get name(): string {
    return this.organization.name;
  }

  @Field(() => String, {
    description: 'Unique, for addresses: 3 to 50 lower-case letters, digits and single hyphens.',
  })
  get slug(): string {
    return this.organization.slug;
  }

  @Field(() => OrganizationStatus, { nullable: true })
  get status(): OrganizationStatus | null {
    return this.whole ? this.organization.status : null;
  }

  @Field(() => Boolean, {
    description:
      "Whether it is the platform's own organization, the only one whose roles can hold platform permissions.",
  })
  get default(): boolean {
    return this.isDefault;
  }

  @Field(() => String, { nullable: true, description: 'Why it is suspended; null unless it is.' })
  get suspensionReason(): string | null {
    return this.whole ? this.organization.suspensionReason : null;
  }

  @Field(() => DateTime, { nullable: true, description: 'When its data is erased; null unless it is deleted.' })
  get deletesAt(): Date | null {
    return this.whole ? this.organization.deletesAt : null;
  }

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether members can act in it only with a second factor.',
  })
  get mfaRequired(): boolean | null {
    return this.whole ? this.organization.mfaRequired : null;
  }

  @Field(() => DateTime)
  get createdAt(): Date {
    return this.organization.createdAt;
  }

  @Field(() => DateTime, { nullable: true })
  get updatedAt(): Date | null {
    return this.whole ? this.organization.updatedAt : null;
  }
}

/** A page of organizations. */
export const OrganizationConnection = connectionOf(OrganizationView, 'Organization');

export type OrganizationConnection = InstanceType<typeof OrganizationConnection>;
