import { hostname, userInfo } from 'node:os';
import { append, ownEntry, queriesOf } from '@platform/audit/services';
import type { ProcessConfig } from '@platform/foundation/config';
import { withAuditLog } from './with-audit-log.js';

/** Who sits at the terminal, as far as the machine knows. */
export const operator = (): string => `${userInfo().username}@${hostname()}`;

/** What somebody at the terminal does to the platform. */
interface OperatorAction {
  /** Such as `platform.events.replayed`. */
  readonly action: string;
  /** What kind of thing it is done to, and which one. */
  readonly resource: string;
  readonly resourceId: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Puts an entry with the operator into the audit log. Comes before the change where that can be, so that nothing is done unseen. */
export const recordOperator = (config: ProcessConfig, { metadata, ...entry }: OperatorAction): Promise<void> =>
  withAuditLog(config, async (client) => {
    // The process that makes the tables of months ahead need not have run yet.
    await client.query('SELECT make_partitions(1)');
    await client.query('BEGIN');
    await append(queriesOf(client), [
      {
        ...ownEntry(entry.action),
        ...entry,
        tenantId: config.platform.tenantId,
        metadata: JSON.parse(JSON.stringify({ ...metadata, operator: operator() })),
      },
    ]);
    await client.query('COMMIT');
  });
