import { AsyncLocalStorage } from 'node:async_hooks';
import { validate as isUuid } from 'uuid';

/** Whose rows the running code may see and write. */
export interface Tenancy {
  /** Null for nobody's: the platform's own tables are all there is. */
  readonly tenantId: string | null;
  /** Whether the rows of every tenant are visible; new ones belong to `tenantId` unless they say otherwise. */
  readonly across: boolean;
}

const NOBODY: Tenancy = { tenantId: null, across: false };

/** What a command at the terminal acts for that looks after every tenant's rows. */
export const ACROSS_TENANTS: Tenancy = { tenantId: null, across: true };

const running = new AsyncLocalStorage<Tenancy>();

/** Undefined where nobody has said. */
export const currentTenancy = (): Tenancy | undefined => running.getStore();

/** Acts for one tenant: the caller's, or the event's. @throws TypeError for what is no UUID */
export function withTenant<T>(tenantId: string, work: () => T): T {
  if (!isUuid(tenantId)) throw new TypeError('A tenant is named by a UUID');
  return running.run({ tenantId, across: false }, work);
}

/** Acts for no tenant: on tables of the platform alone. What belongs to tenants is invisible. */
export const withoutTenant = <T>(work: () => T): T => running.run(NOBODY, work);

/**
 * Acts on the rows of every tenant, as a role of its own. For what has to: relays, retention, and the end of an account that several tenants
 * know. Every use is listed in docs/security.md.
 */
export const acrossTenants = <T>(work: () => T): T =>
  running.run({ tenantId: running.getStore()?.tenantId ?? null, across: true }, work);

/** A statement was sent by code that nobody has said whom it acts for: a mistake of ours, which must not pass for an empty table. */
export class TenantMissing extends Error {
  constructor() {
    super('A statement needs withTenant, withoutTenant or acrossTenants around it');
  }
}

/** @throws TenantMissing */
export function requiredTenancy(otherwise?: Tenancy): Tenancy {
  const tenancy = running.getStore() ?? otherwise;
  if (!tenancy) throw new TenantMissing();
  return tenancy;
}

/** The tenant that is acted for. @throws TenantMissing where there is none */
export function actingTenant(): string {
  const { tenantId } = requiredTenancy();
  if (tenantId === null) throw new TenantMissing();
  return tenantId;
}

export const isSameTenancy = (one: Tenancy, other: Tenancy): boolean =>
  one === other || (one.tenantId === other.tenantId && one.across === other.across);
