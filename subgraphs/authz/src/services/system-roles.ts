import { type RevocationVersions, tenantVersion } from '@platform/auth';
import { permissionGranted, roleCreated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { ServiceUnavailable } from '@platform/foundation/errors';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { acrossTenants, actingTenant, withTenant } from '@platform/postgres/tenancy';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { DefaultGrant, Role, RolePermission, systemRoles } from '../entities/index.js';

/** Sees to it that the platform's own roles exist before anything is answered. What administrators made of them since then stays. */
export class SystemRoles implements LifecycleComponent {
  readonly name = 'system-roles';

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly clock: Clock,
    /** In which they exist from the start. */
    private readonly tenantIds: readonly string[],
  ) {}

  async start(): Promise<void> {
    const tenantIds = new Set([...this.tenantIds, ...(await this.lackingDefaults())]);
    for (const tenantId of tenantIds)
      await withTenant(tenantId, () => this.database.transaction((tx) => this.ensure(tx)));
  }

  /** Makes those roles that the tenant misses, and gives each the default grants that it was not given yet. Any number of processes may do so at a time. */
  async ensure(tx: EntityManager): Promise<void> {
    for (const { permissions, ...details } of systemRoles) {
      const made = Role.create({ ...details, system: true }, this.clock.now());
      const [created] = await insertMissing(tx, Role, [made], ['id']);
      if (created) {
        const data = { roleId: made.id, name: made.name };
        await this.outbox.add(tx, roleCreated, { subject: made.id, data, actor: null });
      }
      const roleId = created ? made.id : (await systemRole(tx, details.name)).id;
      const granted = await this.grantDefaults(tx, roleId, permissions);
      if (granted && !created) await bumpVersions(tx, this.revocations, [tenantVersion(actingTenant())]);
    }
  }

  /** The tenants that have system roles which were not given yet what a module grants by default. */
  private async lackingDefaults(): Promise<string[]> {
    const due = systemRoles.flatMap(({ name, permissions }) => permissions.map((permission) => ({ name, permission })));
    const rows: { tenantId: string }[] = await acrossTenants(() =>
      this.database.read.query(LACKING_DEFAULTS, [
        due.map(({ name }) => name),
        due.map(({ permission }) => permission),
      ]),
    );
    return rows.map(({ tenantId }) => tenantId);
  }

  /** Answers whether the role permits more than before. */
  private async grantDefaults(tx: EntityManager, roleId: string, codes: readonly string[]): Promise<boolean> {
    const rows = (permissions: readonly string[]) => permissions.map((permission) => ({ roleId, permission }));
    const due = await insertMissing(tx, DefaultGrant, rows(codes), ['permission']);
    const added = await insertMissing(tx, RolePermission, rows(due.map(({ permission }) => permission)), [
      'permission',
    ]);
    if (added.length === 0) return false;
    const permissions = added.map(({ permission }) => permission);
    await this.outbox.add(tx, permissionGranted, { subject: roleId, data: { roleId, permissions }, actor: null });
    return true;
  }
}

const LACKING_DEFAULTS = `
  SELECT DISTINCT role.tenant_id AS "tenantId" FROM roles role
  JOIN unnest($1::text[], $2::text[]) AS due (role, permission) ON due.role = role.name
  WHERE role.system AND NOT EXISTS (
    SELECT FROM default_grants given WHERE given.role_id = role.id AND given.permission = due.permission
  )`;

/** Inserts the rows that are not there yet, and answers these columns of them. */
async function insertMissing<T extends ObjectLiteral, C extends keyof T & string>(
  tx: EntityManager,
  entity: EntityTarget<T>,
  rows: readonly Pick<T, never>[],
  columns: readonly C[],
): Promise<Pick<T, C>[]> {
  if (rows.length === 0) return [];
  const insertion = tx
    .createQueryBuilder()
    .insert()
    .into(entity)
    .values([...rows])
    .orIgnore()
    .returning([...columns]);
  return (await insertion.execute()).raw;
}

/** One of the platform's own roles. @throws ServiceUnavailable where somebody took it out of the database: the next start makes it anew. */
export async function systemRole(tx: EntityManager, name: string): Promise<Role> {
  const role = await tx.findOneBy(Role, { name });
  if (!role) throw new ServiceUnavailable();
  return role;
}
