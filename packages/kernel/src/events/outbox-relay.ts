import type { EventsConfig } from '../config/index.js';
import type { Database } from '../database/index.js';
import type { Part } from '../lifecycle/index.js';
import type { Logger } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import type { CloudEvent } from './cloud-event.js';
import type { EventBus } from './event-bus.js';
import type { Outbox } from './outbox.js';

/**
 * Sends what waits in a schema's outbox, in order, one relay at a time (advisory lock).
 * Rows are taken only when every transaction that could still commit an earlier one has ended, so a late commit is never overtaken.
 */
export class OutboxRelay implements Part {
  readonly name: string;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private wanted = false;
  private stopped = true;

  constructor(
    private readonly schema: string,
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly config: EventsConfig,
    private readonly reporting: { logger: Logger; metrics: Metrics },
  ) {
    this.name = `outbox-relay:${schema}`;
  }

  /** Sends soon after each commit, instead of at the next poll. */
  follow(outbox: Outbox): this {
    outbox.onCommit(() => this.wake());
    return this;
  }

  async start(): Promise<void> {
    this.stopped = false;
    this.wake();
  }

  /** Sends what is committed by now, then ends. */
  async stop(): Promise<void> {
    this.wake();
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  wake(): void {
    if (this.stopped) return;
    this.wanted = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    while (this.wanted) {
      this.wanted = false;
      try {
        if ((await this.relayBatch()) > 0) this.wanted = true;
      } catch (error) {
        this.reporting.logger.warn({ schema: this.schema, err: error }, 'Events wait in the outbox');
      }
    }
    if (!this.stopped) {
      this.timer = setTimeout(() => this.wake(), this.config.pollInterval);
      this.timer.unref();
    }
  }

  private relayBatch(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const [lock] = await tx.query('SELECT pg_try_advisory_xact_lock(hashtext($1)) AS held', [this.name]);
      if (!lock.held) return 0;

      const waiting: { position: string; envelope: CloudEvent; age: number }[] = await tx.query(
        `SELECT position, envelope, extract(epoch FROM now() - created_at)::float AS age FROM outbox
         WHERE published_at IS NULL AND written_by < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY position LIMIT $1`,
        [this.config.batchSize],
      );
      this.reporting.metrics.outboxLag.set({ schema: this.schema }, waiting[0]?.age ?? 0);
      if (waiting.length === 0) return 0;

      await this.bus.publish(waiting.map(({ envelope }) => envelope));
      await tx.query('UPDATE outbox SET published_at = now() WHERE position = ANY($1)', [
        waiting.map(({ position }) => position),
      ]);
      for (const { envelope } of waiting) this.reporting.metrics.eventsPublished.inc({ type: envelope.type });
      return waiting.length;
    });
  }
}
