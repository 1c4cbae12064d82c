import type { PermissionCode } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import { type Page, type PageArguments, paginate } from '@platform/kernel/graphql';
import { validate as isUuid } from 'uuid';
import { ADMIN, Assignment, knownCodes, Role, RolePermission, Subject } from '../entities/index.js';
import { type Holdings, holdingsOfUser } from './holdings.js';

/** Whether somebody may do something, why, and which roles decided. */
export interface Verdict {
  readonly allowed: boolean;
  /** One sentence that tells an administrator what to do if it should be otherwise. */
  readonly reason: string;
  readonly decidedBy: readonly string[];
}

/** Answers who may do what. Nothing is allowed unless a role permits it. */
export class DecisionService {
  constructor(private readonly database: Database) {}

  /** @throws UnknownPermission */
  async authorize(userId: string, permission: string): Promise<Verdict> {
    const code = knownCode(permission);
    const holdings: Holdings = isUuid(userId)
      ? await holdingsOfUser(this.database, userId)
      : { subject: 'unknown', roles: [] };
    return decideByRoles(holdings, code);
  }

  /** The users of whom at least one role permits it, by id. @throws UnknownPermission */
  whoCan(permission: string, args: PageArguments): Promise<Page<Subject>> {
    const code = knownCode(permission);
    const holders = this.database.read
      .createQueryBuilder(Subject, 'subject')
      .where((query) => {
        const granting = query
          .subQuery()
          .select('1')
          .from(Assignment, 'assignment')
          .innerJoin(Role, 'role', 'role.id = assignment.roleId')
          .leftJoin(RolePermission, 'granted', 'granted.roleId = role.id AND granted.permission = :code', { code })
          .where('assignment.userId = subject.userId')
          .andWhere('(role.name = :admin OR granted.permission IS NOT NULL)', { admin: ADMIN });
        return `EXISTS ${granting.getQuery()}`;
      })
      .setParameters({ code, admin: ADMIN });
    return paginate(
      holders,
      { columns: ['subject.userId'], direction: 'ASC', valuesOf: ({ userId }) => [userId] },
      args,
    );
  }
}

const knownCode = (permission: string): PermissionCode => knownCodes([permission])[0] as PermissionCode;

function decideByRoles({ subject, roles }: Holdings, code: PermissionCode): Verdict {
  switch (subject) {
    case 'unknown':
      return denied('There is no user with this id: check the id, or let the user sign in once.');
    case 'deleted':
      return denied('The user was deleted and holds nothing any more.');
    case 'active': {
      const permitting = roles.filter(({ codes }) => codes.includes(code)).map(({ name }) => name);
      if (permitting.length === 0) {
        return denied(
          `None of the user's roles (${names(roles)}) permits ${code}: assign one that does, or grant it to one of these.`,
        );
      }
      const reason = `${code} is permitted by the ${permitting.length === 1 ? 'role' : 'roles'} ${permitting.join(', ')}.`;
      return { allowed: true, reason, decidedBy: permitting };
    }
    default:
      return subject satisfies never;
  }
}

const denied = (reason: string): Verdict => ({ allowed: false, reason, decidedBy: [] });

const names = (roles: Holdings['roles']): string => roles.map(({ name }) => name).join(', ') || 'none';
