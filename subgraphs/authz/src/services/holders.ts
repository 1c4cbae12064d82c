import type { PermissionCode } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import { actingTenant } from '@platform/postgres/tenancy';
import { type Page, type PageArguments, paginate, sliceOf } from '@platform/subgraph-server/graphql';
import type { TenancyMode } from '../config.js';
import { ADMIN, GUEST, type PermissionScope, Subject } from '../entities/index.js';

/** As far as holders are counted. */
const MAX_COUNT = 10_000;

const BY_ID = {
  columns: ['subject.userId'],
  direction: 'ASC',
  valuesOf: ({ userId }: Subject) => [userId],
} as const;

/** What holds of those who can sign in, over the alias `subject`. */
const ACTIVE = `subject.deleted_at IS NULL AND (subject.account_status IS NULL OR subject.account_status = 'ACTIVE')`;

/** Who holds a permission in the organization. */
export class Holders {
  constructor(
    private readonly database: Database,
    private readonly scope: PermissionScope,
    private readonly mode: TenancyMode,
  ) {}

  /**
   * A page of the active users whom at least one role permits it. It begins at the roles that do: of each of them so many holders are read as
   * the page has room for, however many there are. What guests may do, everybody may: where there is one organization, every account; where
   * there are many, whoever has any role of this one.
   * @throws BadUserInput for unfit paging arguments
   */
  async page(code: PermissionCode, args: PageArguments): Promise<Page<Subject>> {
    const query = this.database.read.createQueryBuilder(Subject, 'subject').where(ACTIVE);
    const permitting = await this.permittingRoles(code);
    const ofGuests = permitting.some(({ name }) => name === GUEST);
    if (ofGuests && this.mode === 'single') return paginate(query, BY_ID, args);

    const roleIds = (ofGuests ? await this.roles() : permitting).map(({ id }) => id);
    const { size, backward, after, before } = sliceOf(args, BY_ID.columns.length);
    const [begin, end] = [after?.[0], before?.[0]];
    const near = ofEachRole(
      ':roleIds',
      `${begin === undefined ? '' : 'AND held.user_id > :begin'} ${end === undefined ? '' : 'AND held.user_id < :end'}
       ORDER BY held.user_id ${backward ? 'DESC' : 'ASC'} LIMIT ${size + 1}`,
    );
    query.andWhere(`subject.userId IN (${near})`, { roleIds, begin, end });
    const page = await paginate(query, BY_ID, args);
    return { ...page, count: () => this.numberOf(roleIds) };
  }

  private async permittingRoles(code: PermissionCode): Promise<HeldRole[]> {
    if (!this.scope.covers(actingTenant(), code)) return [];
    return this.database.read.query(
      'SELECT id, name FROM roles WHERE name = $2 OR id IN (SELECT role_id FROM role_permissions WHERE permission = $1)',
      [code, ADMIN],
    );
  }

  private roles(): Promise<HeldRole[]> {
    return this.database.read.query('SELECT id, name FROM roles');
  }

  private async numberOf(roleIds: readonly string[]): Promise<number> {
    const near = ofEachRole('$1', `LIMIT ${MAX_COUNT}`);
    const [{ count }] = await this.database.read.query(
      `SELECT count(*)::int AS count FROM (SELECT DISTINCT user_id FROM (${near}) AS near LIMIT ${MAX_COUNT}) AS holders`,
      [roleIds],
    );
    return count;
  }
}

interface HeldRole {
  readonly id: string;
  readonly name: string;
}

/** Active holders of each of the roles, by `user_id`; of each of them what the rest of the statement leaves. */
const ofEachRole = (roleIds: string, rest: string): string => `
  SELECT holder.user_id FROM unnest(CAST(${roleIds} AS uuid[])) AS granting (role_id)
  CROSS JOIN LATERAL (
    SELECT held.user_id FROM assignments held JOIN subjects subject ON subject.user_id = held.user_id
    WHERE held.role_id = granting.role_id AND ${ACTIVE} ${rest}
  ) AS holder`;
