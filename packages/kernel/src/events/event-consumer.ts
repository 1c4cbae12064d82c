import { setTimeout as wait } from 'node:timers/promises';
import type { EventsConfig } from '../config/index.js';
import { type Database, isConnectionFailure } from '../database/index.js';
import type { ErrorBus } from '../errors/index.js';
import { type RequestContext, requestContext } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import { currentTraceId, inSpan } from '../tracing/index.js';
import type { CloudEvent } from './cloud-event.js';
import type { EventSubscriber } from './event-bus.js';
import type { EventHandler } from './event-handler.js';

/**
 * Gives events to one handler, each exactly once in effect: the inbox row commits with what the handler did.
 * A failing event is tried `maxAttempts` times with growing pauses, then kept in `dead_letter` with the reason. While the database is away, nothing is put aside.
 */
export class EventConsumer implements EventSubscriber {
  readonly group: string;
  readonly types: readonly string[] | 'all';

  constructor(
    private readonly handler: EventHandler,
    private readonly database: Database,
    private readonly config: EventsConfig,
    private readonly reporting: { errors: ErrorBus; metrics: Metrics },
  ) {
    this.group = handler.name;
    this.types = handler.types;
  }

  async deliver(event: CloudEvent): Promise<void> {
    const attributes = {
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': this.group,
      'messaging.message.id': event.id,
    };
    await inSpan(`process ${event.type}`, { kind: 'consumer', attributes, causedBy: { ...event } }, () =>
      requestContext.run(scopeOf(event, this.group), () => this.tried(event)),
    );
  }

  private async tried(event: CloudEvent): Promise<void> {
    const reason = invalidData(this.handler, event);
    if (reason) return this.putAside(event, reason);

    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.handleOnce(event);
        this.reporting.metrics.eventsConsumed.inc({ type: event.type });
        return;
      } catch (error) {
        if (isConnectionFailure(error)) throw error;
        if (attempt >= this.config.maxAttempts) return this.putAside(event, error);
        this.reporting.metrics.eventsRetried.inc({ type: event.type });
        await wait(this.config.retryBackoff * 2 ** (attempt - 1));
      }
    }
  }

  private handleOnce(event: CloudEvent): Promise<void> {
    return this.database.transaction(async (tx) => {
      const first = await tx.query(
        'WITH first AS (INSERT INTO inbox (event_id, handler) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1) TABLE first',
        [event.id, this.handler.name],
      );
      if (first.length > 0) await this.handler.handle(event, tx);
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

const scopeOf = (event: CloudEvent, module: string): RequestContext => ({
  requestId: event.requestid ?? event.id,
  tenantId: event.tenantid,
  userId: event.actor,
  traceId: currentTraceId(),
  module,
});

function invalidData(handler: EventHandler, event: CloudEvent): unknown {
  try {
    handler.check(event);
    return undefined;
  } catch (error) {
    return error;
  }
}
