import type { PermissionCode } from '@platform/auth';
import { BadUserInput } from '@platform/foundation/errors';
import { expensive } from '@platform/foundation/request-bounds';
import type { Database } from '@platform/postgres/database';
import type { Page, PageArguments } from '@platform/subgraph-server/graphql';
import { validate as isUuid } from 'uuid';
import { GUEST, knownCodes, type PermissionScope, type Subject } from '../entities/index.js';
import type { Holders } from './holders.js';
import { type RoleAssignments, roleAssignmentsOfUser } from './role-assignments.js';
import type { SubjectService } from './subject.service.js';

/** Whether somebody may do something, why, and which roles decided. */
export interface Verdict {
  readonly allowed: boolean;
  /** One sentence that tells an administrator what to do if it should be otherwise. */
  readonly reason: string;
  readonly decidedBy: readonly string[];
}

/** What a decision is asked about, beside the permission. */
export interface Attributes {
  readonly resource?: unknown;
  readonly context?: unknown;
}

/** Answers who may do what. Nothing is allowed unless a role permits it, and nothing to those who cannot sign in. */
export class DecisionService {
  constructor(
    private readonly database: Database,
    private readonly subjects: SubjectService,
    private readonly scope: PermissionScope,
    private readonly holders: Holders,
  ) {}

  /** @throws UnknownPermission; BadUserInput for attributes, since nothing looks at them; ServiceUnavailable */
  async authorize(userId: string, permission: string, attributes: Attributes = {}): Promise<Verdict> {
    const code = knownCode(permission);
    refuseAttributes(attributes);
    return decideByRoles(isUuid(userId) ? await this.holdings(userId.toLowerCase()) : NOBODY, code);
  }

  /** The active users whom at least one role permits it, by id. @throws UnknownPermission, ServiceUnavailable */
  async whoCan(permission: string, args: PageArguments): Promise<Page<Subject>> {
    const code = knownCode(permission);
    const read = () => expensive(() => this.holders.page(code, args));
    const page = await read();
    const subjects = page.edges.map(({ node }) => node);
    const active = await this.subjects.check(subjects);
    return subjects.every((subject) => active.includes(subject)) ? page : read();
  }

  /** Of a user whom authz does not know, or of whom identity has not been asked, identity is asked first. Who is no member is unknown. */
  private async holdings(userId: string): Promise<RoleAssignments> {
    const holdings = await this.checkedHoldings(userId);
    if (holdings.subject === 'unknown' || holdings.roles.some(({ name }) => name !== GUEST)) return holdings;
    return (await this.subjects.membersAmong([userId])).has(userId) ? holdings : NOBODY;
  }

  private async checkedHoldings(userId: string): Promise<RoleAssignments> {
    const holdings = await roleAssignmentsOfUser(this.database, this.scope, userId);
    if (holdings.subject !== 'unknown' && holdings.subject !== 'unchecked') return holdings;
    await this.subjects.activeAmong([userId]);
    return roleAssignmentsOfUser(this.database, this.scope, userId);
  }
}

const NOBODY: RoleAssignments = { subject: 'unknown', roles: [] };

/** Policies that look at attributes do not exist yet; an answer that ignored them would be taken for one that did not. @throws BadUserInput */
function refuseAttributes({ resource, context }: Attributes): void {
  const why = 'Nothing looks at this yet: leave it out.';
  const given = {
    ...(resource != null && { 'input.resource': why }),
    ...(context != null && { 'input.context': why }),
  };
  if (Object.keys(given).length > 0) throw new BadUserInput(given);
}

const knownCode = (permission: string): PermissionCode => knownCodes([permission])[0] as PermissionCode;

function decideByRoles({ subject, roles }: RoleAssignments, code: PermissionCode): Verdict {
  switch (subject) {
    case 'unknown':
      return denied('There is no user with this id: check the id, or let the user sign in once.');
    case 'deleted':
      return denied('The user was deleted and holds nothing any more.');
    case 'locked':
      return denied('The account is locked: unlock it first.');
    case 'unchecked': // whoever has no account any more that identity knows of
      return denied('There is no account with this id any more.');
    case 'active': {
      const permitting = roles.filter(({ codes }) => codes.includes(code)).map(({ name }) => name);
      if (permitting.length === 0) {
        return denied(
          `None of the user's roles (${names(roles.filter(({ name }) => name !== GUEST))}) permits ${code}: assign one that does, or grant it to one of these.`,
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

const names = (roles: RoleAssignments['roles']): string => roles.map(({ name }) => name).join(', ') || 'none';
