import type { Caller, PermissionCode } from '@platform/auth';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Shows everyone's roles. */
export const ROLE_READ: PermissionCode = 'authz.role.read';

/** Identity's user, as far as authz adds to it. */
@ObjectType()
@Directive('@key(fields: "id")')
export class User {
  @Field(() => ID)
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  /** Whether the caller may see what the user holds: their own, or everyone's with authz.role.read. */
  isOpenTo({ userId, permissions }: Caller): boolean {
    return userId === this.id || permissions.has(ROLE_READ);
  }
}
