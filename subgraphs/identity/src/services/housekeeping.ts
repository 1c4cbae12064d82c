import type { ErrorBus } from '@platform/foundation/errors';
import { type LifecycleComponent, Periodic } from '@platform/foundation/lifecycle';
import type { Database } from '@platform/postgres/database';
import { type RetentionRule, RetentionSweep, SWEPT_AT_ONCE } from '@platform/postgres/retention';
import { withTenant } from '@platform/postgres/tenancy';
import type { SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import type { IdentityConfig } from '../config.js';
import type { Erasure } from './erasure.js';
import { UnverifiedAccounts } from './unverified-accounts.js';

const INTERVAL = 10 * 60_000;
const AN_HOUR = 60 * 60_000;
const UNVERIFIED_INTERVAL = AN_HOUR;

/** Rows of the table whose `expires_at` is longer ago than the age, the oldest first. */
const expired = (table: string, age: number): RetentionRule => ({
  statement: `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${table} WHERE expires_at < now() - $1 * interval '1 millisecond' ORDER BY expires_at
    LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))`,
  age,
});

/** What goes by the clock: rows that nobody can use any more, and accounts that nobody has verified. */
export const housekeeping = (
  { config, database, clock, logger, errors }: SubgraphInfrastructure<{ identity: IdentityConfig }>,
  erasure: Erasure,
): LifecycleComponent[] => {
  const unverified = new UnverifiedAccounts(database, erasure, clock, config.identity.unverifiedRetention);
  return [
    identityRetention(database, config.identity, errors),
    new Periodic(() => withTenant(config.platform.tenantId, () => unverified.eraseDue()), {
      name: 'unverified-accounts',
      interval: UNVERIFIED_INTERVAL,
      failure: 'erasure of unverified accounts failed; retrying at the next check',
      logger,
    }),
  ];
};

/** Forgets what nobody can use any more: challenges, links, changes of addresses, sessions with their tokens, and invitations with the addresses that were invited. */
export const identityRetention = (
  database: Database,
  { invitationRetention, sessionRetention }: Pick<IdentityConfig, 'invitationRetention' | 'sessionRetention'>,
  errors: ErrorBus,
): RetentionSweep =>
  new RetentionSweep({
    name: 'identity-retention',
    database,
    rules: [
      expired('challenges', 0),
      expired('one_time_tokens', 0),
      expired('email_changes', AN_HOUR),
      expired('external_logins', 60_000),
      expired('sessions', sessionRetention),
      expired('invitations', invitationRetention),
    ],
    interval: INTERVAL,
    errors,
  });
