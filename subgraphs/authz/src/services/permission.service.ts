import { type Caller, isMachine } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import type { PermissionScope } from '../entities/index.js';
import {
  type RoleAssignments,
  roleAssignmentsOfGuests,
  roleAssignmentsOfServiceAccount,
  roleAssignmentsOfUser,
  union,
} from './role-assignments.js';
import type { SubjectService } from './subject.service.js';

/** Which permissions are in effect for a caller. Always read from the database: the router is the cache, and asks when its answer is stale. */
export class PermissionService {
  constructor(
    private readonly database: Database,
    private readonly subjects: SubjectService,
    private readonly scope: PermissionScope,
  ) {}

  /** Sorted codes: a guest's for anonymous callers, those and those of all their roles for users and service accounts, and a service's own. Of a machine, only those that the router has left it. Whether a user is locked shows in their session, which the router asks for as well. */
  async ofCaller(caller: Caller): Promise<string[]> {
    const held = await this.ofOwner(caller);
    return isMachine(caller) ? held.filter((code) => caller.permissions.has(code)) : held;
  }

  private async ofOwner(caller: Caller): Promise<string[]> {
    switch (caller.kind) {
      case 'anonymous':
        return union(await roleAssignmentsOfGuests(this.database, this.scope));
      case 'service':
        return [...caller.permissions].sort();
      case 'user':
        return union((await this.holdingsOfCallingUser(caller.userId as string)).roles);
      case 'service_account': {
        const id = caller.serviceAccountId as string;
        return union(await roleAssignmentsOfServiceAccount(this.database, this.scope, id));
      }
      default:
        return caller.kind satisfies never;
    }
  }

  private async holdingsOfCallingUser(userId: string): Promise<RoleAssignments> {
    const holdings = await roleAssignmentsOfUser(this.database, this.scope, userId);
    if (holdings.subject !== 'unknown') return holdings;
    await this.subjects.firstSeen(userId);
    return roleAssignmentsOfUser(this.database, this.scope, userId);
  }
}
