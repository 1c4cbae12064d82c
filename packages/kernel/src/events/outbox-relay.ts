import { setTimeout as wait } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { EventsConfig } from '../config/index.js';
import type { Database } from '../database/index.js';
import type { HealthCheck } from '../health/index.js';
import type { Part } from '../lifecycle/index.js';
import type { Logger } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import { readEnvelope } from './envelope.js';
import type { EventBus } from './event-bus.js';
import type { Outbox } from './outbox.js';
import { outboxLag, settledFront, takeTurn, type WaitingEvent, waitingEvents } from './waiting-events.js';

/** What came of one turn: events were sent and more may wait, none waits any more, others must end first (another relay, an open transaction), or it failed. */
type Turn = 'sent' | 'empty' | 'blocked' | 'failed';

const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 5_000;

/**
 * Sends what waits in a schema's outbox, in order, one relay at a time (advisory lock): instances take turns.
 * Rows are taken only when every transaction that could still commit an earlier one to this outbox has ended, so a late commit is never overtaken.
 */
export class OutboxRelay implements Part {
  readonly name: string;
  private running: Promise<void> | undefined;
  private stopped = true;
  /** Grows while turns come to nothing. */
  private patience = 0;
  private failing = false;
  private news = false;
  private alarm = Promise.withResolvers<void>();

  constructor(
    private readonly schema: string,
    private readonly database: Database,
    private readonly bus: Pick<EventBus, 'publish' | 'provenance'>,
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
    this.running = this.run();
  }

  /** Sends what is committed by now, as far as that can be done, then ends. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.alarm.resolve();
    await this.running;
    while ((await this.turn()) === 'sent');
  }

  wake(): void {
    this.news = true;
    if (!this.failing) this.alarm.resolve();
  }

  /** Fails while events wait for longer than they should, wherever the reason lies. */
  lagCheck(): HealthCheck {
    return {
      name: `outbox:${this.schema}`,
      severity: 'soft',
      check: async () => {
        const { count, age } = await outboxLag(this.database.read);
        this.reporting.metrics.outboxWaiting.set({ schema: this.schema }, count);
        this.reporting.metrics.outboxLag.set({ schema: this.schema }, age);
        if (age * 1_000 < this.config.lagThreshold) return;
        throw new Error(`${count} events wait to be published, the oldest for ${Math.round(age)} s`);
      },
    };
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.news = false;
      const next = performance.now() + this.config.turnInterval;
      const turn = await this.turn();
      this.failing = turn === 'failed';
      await this.rest(turn);
      if (turn === 'empty') await wait(Math.max(0, next - performance.now()));
    }
  }

  /** A failure is not tried again at once, whatever commits meanwhile; for all else a commit is a reason to look. */
  private async rest(turn: Turn): Promise<void> {
    const pause = this.pauseAfter(turn);
    if (pause === 0 || this.stopped || (this.news && !this.failing)) return;
    this.alarm = Promise.withResolvers();
    const timer = setTimeout(this.alarm.resolve, pause).unref();
    await this.alarm.promise;
    clearTimeout(timer);
  }

  private pauseAfter(turn: Turn): number {
    switch (turn) {
      case 'sent':
        this.patience = 0;
        return 0;
      case 'empty':
        this.patience = 0;
        return this.config.pollInterval;
      case 'blocked':
        this.patience = Math.min(this.patience * 2 || FIRST_PAUSE, this.config.pollInterval);
        return this.patience;
      case 'failed':
        this.patience = Math.min(Math.max(this.patience * 2, this.config.retryBackoff), LONGEST_PAUSE);
        return this.patience;
    }
  }

  private async turn(): Promise<Turn> {
    try {
      const turn = await this.relayBatch();
      if (this.failing) this.reporting.logger.info({ schema: this.schema }, 'Events leave the outbox again');
      return turn;
    } catch (error) {
      if (!this.failing) this.reporting.logger.warn({ schema: this.schema, err: error }, 'Events wait in the outbox');
      return 'failed';
    }
  }

  /** Why nobody would take the event, or believe it; undefined when it is this module's. */
  private refusal(envelope: unknown): string | undefined {
    try {
      return this.bus.provenance.refusal(this.schema, readEnvelope(envelope));
    } catch (error) {
      return String(error);
    }
  }

  /** Who can write to this outbox speaks for this module, and for no other: what is not its own holds nothing up, and goes nowhere. */
  private async setAside(tx: EntityManager, rows: readonly WaitingEvent[]): Promise<void> {
    for (const { envelope, position } of rows) {
      const reason = this.refusal(envelope) ?? '';
      await tx.query(
        `INSERT INTO dead_letter (event_id, source, handler, envelope, reason)
         SELECT event_id, $3, 'outbox-relay', envelope, $2 FROM outbox WHERE position = $1 ON CONFLICT DO NOTHING`,
        [position, reason, `/${this.schema}`],
      );
      this.reporting.metrics.eventsDeadLettered.inc({ type: 'untrusted' });
      this.reporting.logger.warn({ schema: this.schema, position, reason }, 'An event is not published');
    }
  }

  /** PostgreSQL ends the turn of a process that stands still within it, so that another instance can go on. */
  private relayBatch(): Promise<Turn> {
    const { batchSize, turnTimeout } = this.config;
    return this.database.transaction(async (tx) => {
      const turn = await takeTurn(tx, this.name, turnTimeout);
      if (!turn.held) return 'blocked';

      const waiting = turn.until === null ? [] : await waitingEvents(tx, turn, batchSize);
      this.reporting.metrics.outboxLag.set({ schema: this.schema }, waiting[0]?.age ?? 0);
      const front = settledFront(waiting);
      if (front.length === 0) return waiting.length === 0 ? 'empty' : 'blocked';

      const refused = front.filter(({ envelope }) => this.refusal(envelope) !== undefined);
      if (refused.length > 0) await this.setAside(tx, refused);
      const believed = refused.length === 0 ? front : front.filter((row) => !refused.includes(row));
      if (believed.length > 0) await this.bus.publish(believed.map(({ envelope }) => envelope));
      await tx.query('UPDATE outbox SET published_at = now() WHERE position = ANY($1)', [
        front.map(({ position }) => position),
      ]);
      for (const { envelope } of believed) this.reporting.metrics.eventsPublished.inc({ type: envelope.type });
      return front.length === waiting.length && waiting.length < batchSize ? 'empty' : 'sent';
    });
  }
}
