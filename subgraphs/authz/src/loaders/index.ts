import type { PermissionCode } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import { withTenant } from '@platform/postgres/tenancy';
import DataLoader from 'dataloader';
import { type EntityManager, In } from 'typeorm';
import {
  Assignment,
  GUEST,
  type Membership,
  type PermissionScope,
  Role,
  RolePermission,
  ServiceAccountRole,
} from '../entities/index.js';

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
  const rolesOfKnown = new DataLoader<string, Role[]>((userIds) => rolesOfUsers(read, userIds), UNCACHED);

  /** A user's roles by name; none for users whom identity does not know either. */
  const rolesByUserId = new DataLoader<string, Role[]>(async (userIds) => {
    await users.ensureKnown(userIds);
    return Promise.all(userIds.map((userId) => rolesOfKnown.load(userId)));
  }, UNCACHED);

  /** The roles by name that members have, each in the organization of the membership. */
  const rolesByMembership = new DataLoader<Membership, Role[]>(
    (memberships) =>
      inTenants(
        memberships,
        ({ organization }) => organization.id,
        async (ofOne) => {
          const userIds = ofOne.map(({ user }) => user.id);
          await users.ensureKnown(userIds);
          return rolesOfUsers(read, userIds);
        },
      ),
    UNCACHED,
  );

  /** What each role permits, sorted. */
  const codesByRole = new DataLoader<Role, readonly PermissionCode[]>(
    (roles) =>
      inTenants(roles, tenantOf, async (ofOne) => {
        const roleIds = ofOne.filter(({ isAdministrator }) => !isAdministrator).map(({ id }) => id);
        const granted = grouped(await read.findBy(RolePermission, { roleId: In(roleIds) }), 'roleId', 'permission');
        return ofOne.map((role) => scope.permittedBy(role, granted.get(role.id) ?? []));
      }),
    UNCACHED,
  );

  /** Exact up to `MAX_COUNT`, which stands for that many and more. */
  const userCountByRole = new DataLoader<Role, number>(
    (roles) =>
      inTenants(roles, tenantOf, async (ofOne) => {
        const counts: { roleId: string; users: number }[] = await read.query(
          'SELECT role_id AS "roleId", number_of_holders(role_id, $2) AS users FROM unnest($1::uuid[]) AS of_role (role_id)',
          [[...new Set(ofOne.map(({ id }) => id))], MAX_COUNT],
        );
        const byRoleId = new Map(counts.map(({ roleId, users }) => [roleId, users]));
        return ofOne.map(({ id }) => byRoleId.get(id) ?? 0);
      }),
    UNCACHED,
  );

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

  /** The roles by name of service accounts. */
  const rolesByServiceAccountId = new DataLoader<string, Role[]>(async (ids) => {
    const held = await read.findBy(ServiceAccountRole, { serviceAccountId: In(ids) });
    return rolesOf(read, ids, grouped(held, 'serviceAccountId', 'roleId'));
  }, UNCACHED);

  /** Every code that is in effect for the service account, sorted; those of guests among them. */
  const codesByServiceAccountId = new DataLoader<string, PermissionCode[]>(async (ids) => {
    const guests = await read.findBy(Role, { name: GUEST });
    return Promise.all(
      ids.map(async (id) => {
        const roles = [...(await rolesByServiceAccountId.load(id)), ...guests];
        return union(await Promise.all(roles.map((role) => codesByRole.load(role))));
      }),
    );
  }, UNCACHED);

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

  return {
    roleById,
    rolesByUserId,
    rolesByMembership,
    codesByRole,
    userCountByRole,
    codesByUserId,
    rolesByServiceAccountId,
    codesByServiceAccountId,
    rolesByGrant,
  };
}

/** What `load` finds for each key, asked in the tenant of the key: once for each tenant. */
async function inTenants<Key, Value>(
  keys: readonly Key[],
  tenantOfKey: (key: Key) => string,
  load: (ofOne: readonly Key[]) => Promise<readonly Value[]>,
): Promise<Value[]> {
  const found = new Map<Key, Value>();
  const byTenant = Map.groupBy(keys, tenantOfKey);
  const loads = [...byTenant].map(async ([tenantId, ofOne]) => {
    const values = await withTenant(tenantId, () => load(ofOne));
    for (const [index, key] of ofOne.entries()) found.set(key, values[index] as Value);
  });
  await Promise.all(loads);
  return keys.map((key) => found.get(key) as Value);
}

const tenantOf = ({ tenantId }: Role): string => tenantId;

/** The roles by name that each of the users has in the tenant that is acted for. */
async function rolesOfUsers(read: EntityManager, userIds: readonly string[]): Promise<Role[][]> {
  const assignments = await read.findBy(Assignment, { userId: In(userIds) });
  return rolesOf(read, userIds, grouped(assignments, 'userId', 'roleId'));
}

/** Of each holder the roles by name, given their ids. */
async function rolesOf(
  read: EntityManager,
  holders: readonly string[],
  roleIds: ReadonlyMap<string, readonly string[]>,
): Promise<Role[][]> {
  const roles = await read.findBy(Role, { id: In([...new Set([...roleIds.values()].flat())]) });
  const byId = new Map(roles.map((role) => [role.id, role]));
  return holders.map((holder) => byName((roleIds.get(holder) ?? []).map((id) => byId.get(id))));
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
const byName = (roles: (Role | undefined)[]): Role[] =>
  roles.filter((role) => role !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
