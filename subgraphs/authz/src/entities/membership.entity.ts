import type { Caller } from '@platform/auth';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { ROLE_READ, User } from './user.entity.js';

/** Identity's organization. */
@ObjectType()
@Directive('@key(fields: "id", resolvable: false)')
export class Organization {
  @Field(() => ID)
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

/** Identity's membership, as far as authz adds to it. */
@ObjectType()
@Directive('@key(fields: "organization { id } user { id }")')
export class Membership {
  @Field(() => Organization)
  readonly organization: Organization;

  @Field(() => User)
  readonly user: User;

  constructor(organizationId: string, userId: string) {
    this.organization = new Organization(organizationId);
    this.user = new User(userId);
  }

  /** Whether the caller may see the roles: those of their own membership, or everyone's in the organization that they act in with authz.role.read. */
  isOpenTo({ userId, tenantId, permissions }: Caller): boolean {
    return userId === this.user.id || (tenantId === this.organization.id && permissions.has(ROLE_READ));
  }
}
