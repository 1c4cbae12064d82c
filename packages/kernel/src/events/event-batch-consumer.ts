import { setTimeout as wait } from 'node:timers/promises';
import type { EventsConfig } from '../config/index.js';
import { type Database, isConnectionFailure } from '../database/index.js';
import type { ErrorBus } from '../errors/index.js';
import { requestContext } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import type { CloudEvent } from './cloud-event.js';
import type { EventSubscriber } from './event-bus.js';
import type { EventBatchHandler } from './event-handler.js';

interface Delivery {
  readonly event: CloudEvent;
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

const LARGEST_BATCH = 1_000;

/**
 * Gives one handler all events that have arrived at once, each exactly once in effect: their inbox rows commit with what it did.
 * A failing batch is taken apart; an event that fails alone is tried and put aside as by an `EventConsumer`.
 */
export class EventBatchConsumer implements EventSubscriber {
  readonly group: string;
  readonly types: readonly string[] | 'all';
  readonly keepsOrder = true;
  private waiting: Delivery[] = [];
  private running = false;

  constructor(
    private readonly handler: EventBatchHandler,
    private readonly database: Database,
    private readonly config: EventsConfig,
    private readonly reporting: { errors: ErrorBus; metrics: Metrics },
  ) {
    this.group = handler.name;
    this.types = handler.types;
  }

  deliver(event: CloudEvent): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ event, done, failed });
      if (!this.running) void requestContext.run({ requestId: event.id, module: this.group }, () => this.run());
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      // Whoever delivers at this moment is in the batch, too.
      await Promise.resolve();
      const batch = this.waiting.splice(0, LARGEST_BATCH);
      try {
        await this.tried(batch.map(({ event }) => event));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.running = false;
  }

  private async tried(events: readonly CloudEvent[], attempt = 1): Promise<void> {
    try {
      await this.handleOnce(events);
      for (const { type } of events) this.reporting.metrics.eventsConsumed.inc({ type });
    } catch (error) {
      if (isConnectionFailure(error)) throw error;
      const [first] = events as [CloudEvent];
      if (events.length > 1) {
        for (const event of events) await this.tried([event]);
      } else if (attempt >= this.config.maxAttempts) {
        await this.putAside(first, error);
      } else {
        this.reporting.metrics.eventsRetried.inc({ type: first.type });
        await wait(this.config.retryBackoff * 2 ** (attempt - 1));
        await this.tried(events, attempt + 1);
      }
    }
  }

  private handleOnce(events: readonly CloudEvent[]): Promise<void> {
    return this.database.transaction(async (tx) => {
      const rows: { event_id: string }[] = await tx.query(
        `WITH first AS (INSERT INTO inbox (event_id, handler) SELECT id, $2 FROM unnest($1::uuid[]) AS id
         ON CONFLICT DO NOTHING RETURNING event_id) TABLE first`,
        [events.map(({ id }) => id), this.handler.name],
      );
      const first = new Set(rows.map(({ event_id }) => event_id));
      const fresh = events.filter(({ id }) => first.delete(id));
      if (fresh.length > 0) await this.handler.handleAll(fresh, tx);
    });
  }

  private async putAside(event: CloudEvent, reason: unknown): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        'INSERT INTO dead_letter (event_id, handler, envelope, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        [event.id, this.handler.name, event, String(reason)],
      ),
    );
    this.reporting.errors.publish(reason);
    this.reporting.metrics.eventsDeadLettered.inc({ type: event.type });
  }
}
