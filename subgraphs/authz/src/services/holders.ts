import type { PermissionCode } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import { actingTenant } from '@platform/postgres/tenancy';
import { type Page, type PageArguments, paginate, sliceOf } from '@platform/subgraph-server/graphql';
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

/**
 * A page of the active users whom at least one role permits it. It begins at the roles that do: of each of them so many holders are read as
 * the page has room for, however many there are.
 * @throws BadUserInput for unfit paging arguments
 */
export async function holdersOf(
  database: Database,
  scope: PermissionScope,
  code: PermissionCode,
  args: PageArguments,
): Promise<Page<Subject>> {
  const { read } = database;
  const query = read.createQueryBuilder(Subject, 'subject').where(ACTIVE);
  const roles = scope.covers(actingTenant(), code) ? await permittingRoles(database, code) : [];
  if (roles.some(({ name }) => name === GUEST)) return paginate(query, BY_ID, args);

  const roleIds = roles.map(({ id }) => id);
  const { size, backward, after, before } = sliceOf(args, BY_ID.columns.length);
  const [begin, end] = [after?.[0], before?.[0]];
  const near = ofEachRole(
    ':roleIds',
    `${begin === undefined ? '' : 'AND held.user_id > :begin'} ${end === undefined ? '' : 'AND held.user_id < :end'}
     ORDER BY held.user_id ${backward ? 'DESC' : 'ASC'} LIMIT ${size + 1}`,
  );
  query.andWhere(`subject.userId IN (${near})`, { roleIds, begin, end });
  const page = await paginate(query, BY_ID, args);
  return { ...page, count: () => numberOf(database, roleIds) };
}

const permittingRoles = ({ read }: Database, code: PermissionCode): Promise<{ id: string; name: string }[]> =>
  read.query(
    'SELECT id, name FROM roles WHERE name = $2 OR id IN (SELECT role_id FROM role_permissions WHERE permission = $1)',
    [code, ADMIN],
  );

/** Active holders of each of the roles, by `user_id`; of each of them what the rest of the statement leaves. */
const ofEachRole = (roleIds: string, rest: string): string => `
  SELECT holder.user_id FROM unnest(CAST(${roleIds} AS uuid[])) AS granting (role_id)
  CROSS JOIN LATERAL (
    SELECT held.user_id FROM assignments held JOIN subjects subject ON subject.user_id = held.user_id
    WHERE held.role_id = granting.role_id AND ${ACTIVE} ${rest}
  ) AS holder`;

async function numberOf({ read }: Database, roleIds: readonly string[]): Promise<number> {
  const near = ofEachRole('$1', `LIMIT ${MAX_COUNT}`);
  const [{ count }] = await read.query(
    `SELECT count(*)::int AS count FROM (SELECT DISTINCT user_id FROM (${near}) AS near LIMIT ${MAX_COUNT}) AS holders`,
    [roleIds],
  );
  return count;
}
