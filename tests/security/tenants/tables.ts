import type { SubgraphHarness } from '@platform/testkit';

// biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
export type Harness = SubgraphHarness<any>;

/** Why a table belongs to no tenant, by its name. Whatever is not here has a tenant_id, and a policy that is forced. */
const PLATFORM_TABLES: Readonly<Record<string, string>> = {
  migrations: 'which migrations have run',
  inbox: 'which events were handled: ids, and nothing of what they tell',
  deleted_users: 'accounts are global, and so is their end',
};

/** Why a table of one subgraph belongs to no tenant. */
const PLATFORM_TABLES_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // An account is a person's, who may be a member of several organizations. Memberships are a tenant's.
  identity: {
    organizations: 'each row is a tenant',
    users: 'an account is global',
    credentials: 'of an account',
    sessions: 'of an account, in whichever organization it acts',
    refresh_tokens: 'of a session',
    one_time_tokens: 'of an account',
    totp_factors: 'of an account',
    recovery_codes: 'of an account',
    passkeys: 'of an account',
    email_changes: 'of an account',
    external_identities: 'of an account',
    external_logins: 'of who is at a provider, who may have no account yet',
    challenges: 'of an account, or of who is about to show whose they are',
    registrations: 'of whoever has no account yet',
    signing_keys: 'sign the tokens of everybody',
  },
  audit: {
    log_identity: 'the log is one',
    tile: 'hashes of the log’s tree',
    checkpoint: 'what was signed of the log’s tree',
    key_hand_over: 'the keys that sign it',
    subject_key: 'a person’s key, who may be a member of several organizations',
  },
  authz: {
    subjects: 'whether an account is active is the same in each tenant',
  },
};

/** Tables without a tenant, with the reason. */
export const platformTables = (subgraph: string): Readonly<Record<string, string>> => ({
  ...PLATFORM_TABLES,
  ...PLATFORM_TABLES_OF[subgraph],
});

/** What the catalog knows of a table. */
export interface CatalogTable {
  readonly name: string;
  readonly tenantOwned: boolean;
  readonly isolated: boolean;
  /** Each with its roles and its condition. */
  readonly policies: readonly string[];
}

const TABLES = `
  SELECT relname AS name, relrowsecurity AND relforcerowsecurity AS isolated,
    EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id' AND NOT attisdropped AND attnotnull) AS "tenantOwned",
    ARRAY(SELECT polname || ' to ' || array_to_string(ARRAY(SELECT CASE role WHEN 0 THEN 'all' ELSE role::regrole::text END
        FROM unnest(polroles) AS role ORDER BY 1), ' and ') || ': ' || pg_get_expr(polqual, polrelid) || coalesce(' | ' || pg_get_expr(polwithcheck, polrelid), '')
      FROM pg_policy WHERE polrelid = c.oid AND polpermissive AND polcmd = '*' ORDER BY 1) AS policies
  FROM pg_class c WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`;

/** The tables of a subgraph's schema. A partition is reached through its table. */
export const catalogOf = (harness: Harness, schema: string): Promise<CatalogTable[]> => harness.sql(TABLES, [schema]);

/** What is wrong with the isolation of a table; undefined where nothing is. */
export function faultOf(table: CatalogTable, schema: string): string | undefined {
  const { name, tenantOwned, isolated, policies } = table;
  const platform = platformTables(schema)[name] !== undefined;
  if (platform) return isolated ? `${name} is listed as the platform's, and has policies` : undefined;
  if (!tenantOwned) return `${name} has no tenant_id: isolate it, or list it as the platform's`;
  if (!isolated) return `${name} has no forced row-level security: call isolate_tenants('${name}')`;
  const expected = [
    `all_tenants to ${schema}_all_tenants and ${schema}_owner: true`,
    'own_tenant to all: (tenant_id = ( SELECT current_tenant() AS current_tenant))',
  ];
  return JSON.stringify(policies) === JSON.stringify(expected)
    ? undefined
    : `${name} has other policies: ${policies.join('; ')}`;
}
