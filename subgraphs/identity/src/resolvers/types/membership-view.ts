import { connectionOf, DateTime } from '@platform/subgraph-server/graphql';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { type Membership, MembershipStatus } from '../../entities/index.js';

registerEnumType(MembershipStatus, {
  name: 'MembershipStatus',
  description: 'State of a membership.',
  valuesConfig: {
    ACTIVE: { description: 'Can act in the organization.' },
    SUSPENDED: { description: 'Suspended by an administrator of the organization.' },
  },
});

/** A membership, for callers who may see it. */
@ObjectType('Membership', {
  description:
    'That a user belongs to an organization; authz adds the roles. The user sees it, and holders of identity.member.read.',
})
@Directive('@key(fields: "id")')
@Directive('@key(fields: "organization { id } user { id }")')
export class MembershipView {
  constructor(readonly membership: Membership) {}

  @Field(() => ID)
  get id(): string {
    return this.membership.id;
  }

  @Field(() => MembershipStatus)
  get status(): MembershipStatus {
    return this.membership.status;
  }

  @Field(() => DateTime, { description: 'When the user joined.' })
  get joinedAt(): Date {
    return this.membership.joinedAt;
  }
}

/** A page of memberships. */
export const MembershipConnection = connectionOf(MembershipView, 'Membership');

export type MembershipConnection = InstanceType<typeof MembershipConnection>;
