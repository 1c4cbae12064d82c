import {
  type CloudEvent,
  type DeadLetter,
  type EventConsumer,
  EventMetrics,
  type EventTypes,
  eventRetryPolicy,
} from '@platform/events';
import type { EventsConfig } from '@platform/foundation/config';
import { type ErrorBus, isConnectionFailure } from '@platform/foundation/errors';
import { type RequestContext, requestContext } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { retry } from '@platform/foundation/retry';
import { currentTraceId, inSpan, openSpan, type SpanOptions } from '@platform/foundation/tracing';
import { type Database } from '@platform/postgres/database';
import { acrossTenants, withTenant } from '@platform/postgres/tenancy';
import { DeadLetterStore } from './dead-letter-store.js';
import type { EventHandler, HandleAll } from './event-handler.js';
import { recordInInbox } from './inbox.js';
import { MicroBatcher } from './micro-batcher.js';
import { processPerKey } from './process-per-key.js';
import { Semaphore } from './semaphore.js';

/**
 * Gives events to one handler, each exactly once in effect: the inbox row commits with what the handler did.
 * A failing event is tried `maxAttempts` times, then put into `dead_letter` with the reason. While the database is unavailable, nothing is dead-lettered.
 */
export class InboxConsumer implements EventConsumer {
  readonly types: EventTypes;
  private readonly semaphore: Semaphore;
  private readonly deadLetters: DeadLetterStore;
  private readonly together: MicroBatcher | undefined;

  constructor(
    /** The schema whose events, inbox and dead letters these are. */
    readonly group: string,
    readonly handler: EventHandler,
    private readonly database: Database,
    private readonly config: EventsConfig,
    private readonly reporting: { errors: ErrorBus; metrics: Metrics },
  ) {
    this.types = handler.types;
    this.deadLetters = new DeadLetterStore(reporting.metrics);
    this.semaphore = new Semaphore(config.concurrency);
    const { handleAll } = handler;
    this.together = handleAll && new MicroBatcher((events) => this.handledTogether(handleAll, events));
  }

  async handleBatch(events: readonly CloudEvent[]): Promise<readonly DeadLetter[]> {
    if (await this.together?.add(events)) return [];
    const outcomes = await processPerKey(events, this.semaphore, (event) =>
      inSpan(`process ${event.type}`, this.spanOf(event), () =>
        requestContext.run(scopeOf(event, this.handler.name), () =>
          withTenant(event.tenantid, () => this.inScope(() => this.handleWithRetry(event))),
        ),
      ),
    );
    return outcomes.filter((outcome) => outcome !== undefined);
  }

  private inScope<T>(work: () => T): T {
    return this.handler.acrossTenants ? acrossTenants(work) : work();
  }

  private spanOf(event: CloudEvent): SpanOptions {
    const attributes = {
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': this.group,
      'messaging.message.id': event.id,
    };
    return { kind: 'consumer', attributes, causedBy: { ...event } };
  }

  /** False when they must be handled one by one. */
  private async handledTogether(handleAll: HandleAll, events: readonly CloudEvent[]): Promise<boolean> {
    const { name } = this.handler;
    if (events.some((event) => invalidData(this.handler, event))) return false;
    const spans = events.map((event) => openSpan(`process ${event.type}`, this.spanOf(event)));
    const handle = () =>
      acrossTenants(() =>
        this.database.transaction(async (tx) => {
          const fresh = await recordInInbox(tx, name, events);
          if (fresh.length > 0) await handleAll(fresh, tx);
          return fresh;
        }),
      );
    try {
      this.count(events, await (spans[0]?.run(handle) ?? handle()));
      return true;
    } catch (error) {
      if (isConnectionFailure(error)) throw error;
      return false;
    } finally {
      for (const span of spans) span?.end();
    }
  }

  private async handleWithRetry(event: CloudEvent): Promise<DeadLetter | undefined> {
    const mismatch = invalidData(this.handler, event);
    if (mismatch) return this.deadLetter(event, mismatch);
    try {
      await retry(() => this.handleOnce(event), {
        ...eventRetryPolicy(this.config),
        isRetryable: (error) => !isConnectionFailure(error),
        onRetry: () => this.reporting.metrics.of(EventMetrics).eventsRetried.inc({ type: event.type }),
      });
      return undefined;
    } catch (error) {
      if (isConnectionFailure(error)) throw error;
      return this.deadLetter(event, error);
    }
  }

  private async handleOnce(event: CloudEvent): Promise<void> {
    const fresh = await this.database.transaction(async (tx) => {
      const fresh = await recordInInbox(tx, this.handler.name, [event]);
      if (fresh.length > 0) await this.handler.handle(event, tx);
      return fresh;
    });
    this.count([event], fresh);
  }

  private count(events: readonly CloudEvent[], fresh: readonly CloudEvent[]): void {
    const { eventsConsumed, eventsAbsorbed } = this.reporting.metrics.of(EventMetrics);
    const first = new Set(fresh);
    const again = events.filter((event) => !first.has(event));
    for (const [type, { length }] of Map.groupBy(fresh, typeOf)) eventsConsumed.inc({ type }, length);
    for (const [type, { length }] of Map.groupBy(again, typeOf)) eventsAbsorbed.inc({ type }, length);
  }

  private async deadLetter(event: CloudEvent, error: unknown): Promise<DeadLetter> {
    const { name } = this.handler;
    const reason = String(error);
    await this.database.transaction((tx) => this.deadLetters.add(tx, event, this.handler, reason));
    this.reporting.errors.publish(error);
    return { event, handler: name, reason };
  }
}

const typeOf = ({ type }: CloudEvent): string => type;

const scopeOf = (event: CloudEvent, module: string): RequestContext => ({
  requestId: event.requestid ?? event.id,
  tenantId: event.tenantid,
  userId: event.actor,
  apiKeyId: event.apikeyid,
  serviceAccountId: event.serviceaccountid,
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
