import type { PermissionCode } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import DataLoader from 'dataloader';
import { In } from 'typeorm';
import { Assignment, GUEST, type PermissionScope, Role, RolePermission } from '../entities/index.js';

/** Batched only, nothing is kept: a mutation must show what it has changed. */
const UNCACHED = { cache: false };

/** As far as the users of a role are counted. */
const MAX_COUNT = 10_000;

/** How authz learns of users whose events have not arrived. */
interface KnownUsers {
  /** Makes those known who have an account. */
  ensureKnown(userIds: readonly string[]): Promise<void>;
  /** Those who are neither locked nor deleted; identity is asked where it was not asked before. */
  activeAmong(userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those who belong to the organization, with or without a role. */
  membersAmong(userIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export type AuthzLoaders = ReturnType<typeof createLoaders>;

/** The batched reads of one request. */
export function createLoaders({ read }: Database, users: KnownUsers, scope: PermissionScope) {
  const roleById = new DataLoader<string, Role | null>(async (ids) => {
    const roles = new Map((await read.findBy(Role, { id: In(ids) })).map((role) => [role.id, role]));
    return ids.map((id) => roles.get(id) ?? null);
  }, UNCACHED);

  /** The roles by name of users whom authz knows. */
  const rolesOfKnown = new DataLoader<string, Role[]>(async (userIds) => {
    const roleIds = grouped(await read.findBy(Assignment, { userId: In(userIds) }), 'userId', 'roleId');
    return Promise.all(userIds.map(async (userId) => byName(await roleById.loadMany(roleIds.get(userId) ?? []))));
  }, UNCACHED);

  /** A user's roles by name; none for users whom identity does not know either. */
  const rolesByUserId = new DataLoader<string, Role[]>(async (userIds) => {
    await users.ensureKnown(userIds);
    return Promise.all(userIds.map((userId) => rolesOfKnown.load(userId)));
  }, UNCACHED);

  /** What each role permits, sorted. */
  const codesByRole = new DataLoader<Role, readonly PermissionCode[]>(async (roles) => {
    const roleIds = roles.filter(({ isAdministrator }) => !isAdministrator).map(({ id }) => id);
    const granted = grouped(await read.findBy(RolePermission, { roleId: In(roleIds) }), 'roleId', 'permission');
    return roles.map((role) => scope.permittedBy(role, granted.get(role.id) ?? []));
  }, UNCACHED);

  /** Exact up to `MAX_COUNT`, which stands for that many and more. */
  const userCountByRoleId = new DataLoader<string, number>(async (roleIds) => {
    const counts: { roleId: string; users: number }[] = await read.query(
      'SELECT role_id AS "roleId", number_of_holders(role_id, $2) AS users FROM unnest($1::uuid[]) AS of_role (role_id)',
      [[...new Set(roleIds)], MAX_COUNT],
    );
    const byRoleId = new Map(counts.map(({ roleId, users }) => [roleId, users]));
    return roleIds.map((roleId) => byRoleId.get(roleId) ?? 0);
  }, UNCACHED);

  /** A user's roles, and that of guests, which everybody has; none for those who are locked, deleted, unknown or no members. */
  const rolesInEffect = new DataLoader<string, Role[]>(async (userIds) => {
    const active = await users.activeAmong(userIds);
    const [guests, held] = await Promise.all([
      read.findBy(Role, { name: GUEST }),
      Promise.all(userIds.map((userId) => (active.has(userId) ? rolesOfKnown.load(userId) : []))),
    ]);
    const without = userIds.filter((userId, index) => active.has(userId) && held[index]?.length === 0);
    const members = await users.membersAmong(without);
    return userIds.map((userId, index) =>
      active.has(userId) && (held[index]?.length || members.has(userId))
        ? [...(held[index] ?? []).filter(({ name }) => name !== GUEST), ...guests]
        : [],
    );
  }, UNCACHED);

  /** Every code that is in effect for the user, sorted. */
  const codesByUserId = new DataLoader<string, PermissionCode[]>(
    async (userIds) =>
      Promise.all(
        (await Promise.all(userIds.map((userId) => rolesInEffect.load(userId)))).map(async (roles) =>
          union(await Promise.all(roles.map((role) => codesByRole.load(role)))),
        ),
      ),
    UNCACHED,
  );

  /** Those of the user's roles that permit the code. */
  const rolesByGrant = new DataLoader<{ userId: string; code: string }, Role[]>(async (grants) => {
    const held = await Promise.all(grants.map(({ userId }) => rolesInEffect.load(userId)));
    return Promise.all(
      grants.map(async ({ code }, index) => {
        const roles = held[index] ?? [];
        const codes = await Promise.all(roles.map((role) => codesByRole.load(role)));
        return roles.filter((_, position) => codes[position]?.includes(code as PermissionCode));
      }),
    );
  }, UNCACHED);

  return { roleById, rolesByUserId, codesByRole, userCountByRoleId, codesByUserId, rolesByGrant };
}

function grouped<Row, Key extends keyof Row, Value extends keyof Row>(
  rows: Row[],
  key: Key,
  value: Value,
): Map<Row[Key], Row[Value][]> {
  const groups = new Map<Row[Key], Row[Value][]>();
  for (const row of rows) groups.set(row[key], [...(groups.get(row[key]) ?? []), row[value]]);
  return groups;
}

const union = (sets: readonly (readonly PermissionCode[])[]): PermissionCode[] => [...new Set(sets.flat())].sort();

/** A role that was deleted in between is left out. */
const byName = (roles: (Role | Error | null)[]): Role[] =>
  roles.filter((role) => role instanceof Role).sort((a, b) => (a.name < b.name ? -1 : 1));
