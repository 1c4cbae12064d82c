import type { Tenancy } from '../tenancy/index.js';

/** The setting that the policies of tables read. */
const TENANT = 'app.tenant_id';

/** What a transaction has to be told of whom it acts for. */
export interface TenantSettings {
  readonly text: string;
  readonly values: readonly string[];
}

/** As a statement of its own, for the transaction that it is part of; undefined where there is nothing to say. */
export function settingsOf({ tenantId, across }: Tenancy, allTenantsRole: string): TenantSettings | undefined {
  if (across)
    return {
      text: `SELECT set_config('${TENANT}', $1, true), set_config('role', $2, true)`,
      values: [tenantId ?? '', allTenantsRole],
    };
  return tenantId === null ? undefined : { text: `SELECT set_config('${TENANT}', $1, true)`, values: [tenantId] };
}

/** The same, sent with the statement that begins a transaction. */
export function beginningOf({ tenantId, across }: Tenancy, allTenantsRole: string): string {
  const tenant = tenantId === null ? '' : `; SET LOCAL ${TENANT} = '${tenantId}'`;
  return across ? `${tenant}; SET LOCAL ROLE ${allTenantsRole}` : tenant;
}

/** The same for a connection that one tenancy has for itself, as options of its start-up. */
export function startupOptionsOf({ tenantId, across }: Tenancy, allTenantsRole: string): string {
  const tenant = tenantId === null ? '' : ` -c ${TENANT}=${tenantId}`;
  return across ? `${tenant} -c role=${allTenantsRole}` : tenant;
}
