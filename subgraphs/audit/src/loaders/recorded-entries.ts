import { SubscriptionOverflow } from '@platform/foundation/errors';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { Channel, filterMap } from '@platform/foundation/streams';
import type { Database, Notifications } from '@platform/postgres/database';
import { acrossTenants } from '@platform/postgres/tenancy';
import { rowLoader } from '@platform/subgraph-server/graphql';
import { In } from 'typeorm';
import { type AuditCriteria, AuditEntry, ENTRY_RECORDED, meets } from '../entities/index.js';

/** Entries as they are recorded, by whichever process. */
export class RecordedEntries implements LifecycleComponent {
  readonly name = 'recorded-entries';
  private readonly notifications: Notifications;
  /** Reads each entry once for all who watch in this process: they hear of it in the same tick. */
  private readonly entries;

  constructor(
    database: Database,
    /** Entries that may wait for one reader. */
    private readonly capacity: number,
  ) {
    this.notifications = database.notifications(ENTRY_RECORDED);
    this.entries = rowLoader(
      // What is told is told to all who watch, whoever they are; each gets what is of their tenant.
      (ids) => acrossTenants(() => database.read.findBy(AuditEntry, { id: In([...ids]) })),
      ({ id }) => id,
    );
  }

  async stop(): Promise<void> {
    await this.notifications.stop();
  }

  /** Entries of one tenant. Resolves once no entry that commits from now on is missed. */
  async stream(criteria: AuditCriteria, tenantId: string): Promise<AsyncIterableIterator<AuditEntry>> {
    let leave = () => {};
    let inOrder: Promise<void> = Promise.resolve();
    const reader = new Channel<AuditEntry>(this.capacity, () => leave());
    const tell = async (id: string): Promise<void> => {
      const entry = await this.entries.load(id);
      if (entry && !reader.closed && !reader.push(entry)) reader.fail(new SubscriptionOverflow());
    };
    leave = await this.notifications.listen((ids) => {
      for (const id of ids.split(',')) inOrder = inOrder.then(() => tell(id)).catch((error) => reader.fail(error));
    });
    return filterMap(reader, (entry) => (entry.tenantId === tenantId && meets(entry, criteria) ? entry : undefined));
  }
}
