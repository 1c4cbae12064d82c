import { withTenant } from '@platform/postgres/tenancy';

/** Runs what concerns an account and no organization, whichever the request names: its events are for the log of the platform's operators. */
export type ForPlatform = <T>(work: () => T) => T;

export const forPlatform =
  (tenantId: string): ForPlatform =>
  (work) =>
    withTenant(tenantId, work);
