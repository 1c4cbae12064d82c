import { setTimeout as wait } from 'node:timers/promises';
import {
  type CloudEvent,
  EventMetrics,
  type EventPublisher,
  eventRetryPolicy,
  isOfOneEvent,
  ofOneEvent,
  readEnvelope,
} from '@platform/events';
import type { EventsConfig } from '@platform/foundation/config';
import type { HealthCheck } from '@platform/foundation/health';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { retryDelay } from '@platform/foundation/retry';
import type { Database } from '@platform/postgres/database';
import { acrossTenants } from '@platform/postgres/tenancy';
import type { EntityManager } from 'typeorm';
import { DeadLetterStore } from './dead-letter-store.js';
import type { Outbox } from './outbox.js';
import { OutboxMetrics } from './outbox-metrics.js';
import {
  acquireRelayLock,
  envelopeAt,
  firstPending,
  hasPending,
  markPublished,
  type OutboxWatermark,
  outboxLag,
  pendingEvents,
  publishablePrefix,
} from './outbox-queries.js';

/** What came of one turn: events were sent and more may wait, none waits any more, others must end first (another relay, an open transaction), or it failed. */
type Turn = 'sent' | 'empty' | 'blocked' | 'failed';

/** Before the relay looks again whether the others have ended, at first; doubled up to `events.pollInterval`. */
const BLOCKED_DELAY_MS = 2;
/** How much longer the pauses between looks grow while nothing waits. Whoever commits wakes the relay: what is looked for is what a killed process or a tool has left. */
const IDLE_PAUSES = 10;

/**
 * Sends what waits in a schema's outbox, whichever tenant's it is, in order, one relay at a time (advisory lock): instances take turns.
 * Rows are taken only when every transaction that could still commit an earlier one to this outbox has ended, so a late commit is never overtaken.
 */
export class OutboxRelay implements LifecycleComponent {
  readonly name: string;
  private readonly deadLetters: DeadLetterStore;
  private running: Promise<void> | undefined;
  private stopped = true;
  /** Turns in a row that came to nothing. */
  private fruitless = 0;
  private failing = false;
  /** The last pause after which nothing waited, in ms; 0 while there is something to do. */
  private idle = 0;
  /** How many events are to be sent one by one. */
  private singly = 0;
  private news = false;
  private alarm = Promise.withResolvers<void>();

  constructor(
    private readonly schema: string,
    private readonly database: Database,
    private readonly publisher: EventPublisher,
    private readonly config: EventsConfig,
    private readonly reporting: { logger: Logger; metrics: Metrics },
  ) {
    this.name = `outbox-relay:${schema}`;
    this.deadLetters = new DeadLetterStore(reporting.metrics);
  }

  /** Sends soon after each commit, instead of at the next poll. */
  follow(outbox: Outbox): this {
    outbox.onCommit(() => this.wake());
    return this;
  }

  async start(): Promise<void> {
    this.stopped = false;
    this.running = acrossTenants(() => this.run());
  }

  /** Sends what is committed by now, as far as that can be done, then ends. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.alarm.resolve();
    await this.running;
    await acrossTenants(async () => {
      while ((await this.turn()) === 'sent');
    });
  }

  wake(): void {
    this.news = true;
    this.idle = 0;
    if (!this.failing) this.alarm.resolve();
  }

  /** Fails while events wait for longer than they should, wherever the reason lies. */
  lagCheck(): HealthCheck {
    return {
      name: `outbox:${this.schema}`,
      severity: 'soft',
      check: async () => {
        const { count, age } = await acrossTenants(() => outboxLag(this.database.read));
        this.reporting.metrics.of(OutboxMetrics).outboxWaiting.set({ schema: this.schema }, count);
        this.reporting.metrics.of(OutboxMetrics).outboxLag.set({ schema: this.schema }, age);
        if (age * 1_000 < this.config.maxOutboxLag) return;
        throw new Error(`${count} events wait to be published, the oldest for ${Math.round(age)} s`);
      },
    };
  }

  private async run(): Promise<void> {
    for (let turn: Turn = 'sent'; !this.stopped; ) {
      const quiet = turn === 'empty' && !this.news;
      this.news = false;
      const next = performance.now() + this.config.minPublishInterval;
      turn = await this.turn(quiet);
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
    if (turn !== 'empty') this.idle = 0;
    this.fruitless = turn === 'blocked' || turn === 'failed' ? this.fruitless + 1 : 0;
    switch (turn) {
      case 'sent':
        return 0;
      case 'empty':
        this.idle = Math.min(this.idle * 2 || this.config.pollInterval, this.config.pollInterval * IDLE_PAUSES);
        return this.idle;
      case 'blocked':
        return Math.min(BLOCKED_DELAY_MS * 2 ** (this.fruitless - 1), this.config.pollInterval);
      case 'failed':
        return retryDelay(eventRetryPolicy(this.config), this.fruitless);
    }
  }

  /** @param quiet nothing has waited, and nobody has said that something does: one statement tells whether it still is so. */
  private async turn(quiet = false): Promise<Turn> {
    try {
      const turn = quiet && !(await hasPending(this.database.read)) ? 'empty' : await this.relayBatch();
      if (this.failing) this.reporting.logger.info({ schema: this.schema }, 'outbox publish recovered');
      return turn;
    } catch (error) {
      if (!this.failing)
        this.reporting.logger.warn({ schema: this.schema, err: error }, 'outbox publish failed; retrying');
      if (isOfOneEvent(error)) this.singly = this.config.batchSize;
      return 'failed';
    }
  }

  /** Why nobody would take the event, or believe it; undefined when it is this module's. */
  private refusal(envelope: unknown): string | undefined {
    try {
      return this.publisher.provenance.refusal(this.schema, readEnvelope(envelope));
    } catch (error) {
      return String(error);
    }
  }

  /** Events that are not to be sent hold nothing up. */
  private logUnpublished(position: string, reason: string): void {
    this.reporting.logger.warn({ schema: this.schema, position, reason }, 'event not published; dead-lettered');
  }

  private async deadLetter(
    tx: EntityManager,
    position: string,
    kind: 'untrusted' | 'unreadable',
    reason: string,
  ): Promise<void> {
    await this.deadLetters.addUnpublished(tx, { module: this.schema, position }, kind, reason);
    this.logUnpublished(position, reason);
  }

  /** PostgreSQL ends the turn of a process that stands still within it, so that another instance can go on. */
  private relayBatch(): Promise<Turn> {
    const { relayLockTimeout } = this.config;
    return this.database.transaction(async (tx) => {
      const lock = await acquireRelayLock(tx, this.name, relayLockTimeout);
      if (!lock.held) return 'blocked';

      return this.singly > 0 ? this.relayOne(tx, lock) : this.relayPrefix(tx, lock);
    });
  }

  private async relayPrefix(tx: EntityManager, watermark: OutboxWatermark): Promise<Turn> {
    const { batchSize } = this.config;
    const pending = watermark.until === null ? [] : await pendingEvents(tx, watermark, batchSize);
    this.reporting.metrics.of(OutboxMetrics).outboxLag.set({ schema: this.schema }, pending[0]?.age ?? 0);
    const publishable = publishablePrefix(pending);
    if (publishable.length === 0) return pending.length === 0 ? 'empty' : 'blocked';

    const believed: CloudEvent[] = [];
    for (const { envelope, position } of publishable) {
      // Who can write to this outbox speaks for this module, and for no other.
      const reason = this.refusal(envelope);
      if (reason === undefined) believed.push(envelope);
      else await this.deadLetter(tx, position, 'untrusted', reason);
    }
    if (believed.length > 0) await this.publish(believed);
    await markPublished(tx, publishable);
    return publishable.length === pending.length && pending.length < batchSize ? 'empty' : 'sent';
  }

  /** The next event alone, after one of several has failed all of them: what lies in the event itself keeps back nothing but the event. */
  private async relayOne(tx: EntityManager, watermark: OutboxWatermark): Promise<Turn> {
    const first = watermark.until === null ? undefined : await firstPending(tx, watermark);
    this.singly = first ? this.singly - 1 : 0;
    if (!first) return 'empty';
    if (!first.settled) return 'blocked';
    await this.sendOrDeadLetter(tx, first.position);
    await markPublished(tx, [first]);
    return 'sent';
  }

  private async sendOrDeadLetter(tx: EntityManager, position: string): Promise<void> {
    const envelope = await ofOneEvent(envelopeAt(tx, position));
    if (envelope instanceof Error) {
      await this.deadLetters.addDamaged(tx, { module: this.schema, position }, String(envelope));
      return this.logUnpublished(position, String(envelope));
    }
    const refusal = this.refusal(envelope);
    if (refusal !== undefined) return this.deadLetter(tx, position, 'untrusted', refusal);
    const failure = await ofOneEvent(this.publish([envelope]));
    if (failure instanceof Error) await this.deadLetter(tx, position, 'unreadable', String(failure));
  }

  private async publish(events: readonly CloudEvent[]): Promise<void> {
    await this.publisher.publish(events);
    for (const { type } of events) this.reporting.metrics.of(EventMetrics).eventsPublished.inc({ type });
  }
}
