import { apiKeyExpired } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { ErrorBus } from '@platform/foundation/errors';
import { attemptEach } from '@platform/foundation/lifecycle';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { RetentionSweep, SWEPT_AT_ONCE } from '@platform/postgres/retention';
import { acrossTenants, withTenant } from '@platform/postgres/tenancy';
import { LessThanOrEqual } from 'typeorm';
import { ApiKey } from '../../entities/index.js';
import { announced } from './key-issuer.js';

/** Keys that one run announces. */
const MOST = 100;
const HOUR = 3_600_000;

/** Announces keys that have expired. They have not worked since; every identity process does, and each key is announced once. */
export class KeyExpiry {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async announceDue(): Promise<void> {
    const due = await acrossTenants(() =>
      this.database.read.find(ApiKey, {
        select: { id: true, organizationId: true },
        where: { expiresAt: LessThanOrEqual(this.clock.now()), expired: false },
        order: { expiresAt: 'ASC' },
        take: MOST,
      }),
    );
    await attemptEach(due, ({ id, organizationId }) => withTenant(organizationId, () => this.announce(id)));
  }

  private announce(id: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const key = await tx.findOne(ApiKey, { where: { id, expired: false }, lock });
      if (!key) return;
      await tx.update(ApiKey, { id }, { expired: true });
      await this.outbox.add(tx, apiKeyExpired, { subject: id, actor: null, data: announced(key) });
    });
  }
}

const OLD = `DELETE FROM api_keys WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM api_keys WHERE expires_at < now() - $1 * interval '1 millisecond' AND expired ORDER BY expires_at
  LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))`;

/** Forgets keys that expired long ago. @param age since they expired, in ms. */
export const keyRetention = (database: Database, age: number, errors: ErrorBus): RetentionSweep =>
  new RetentionSweep({
    name: 'api-key-retention',
    database,
    rules: [{ statement: OLD, age }],
    interval: HOUR,
    errors,
  });
