import type { Attributes } from '@opentelemetry/api';
import { openSpan, spansEnabled, traceHeaders } from '@platform/foundation/tracing';
import type { CloudEvent } from './cloud-event.js';

/**
 * Publishes events, each in a span of its own below what caused it (OpenTelemetry's messaging conventions). The events that travel carry
 * that span, so that whoever handles one goes on from there: the outbox has only the cause.
 */
export async function inPublishSpans(
  events: readonly CloudEvent[],
  destinationOf: (event: CloudEvent) => Attributes,
  publish: (events: readonly CloudEvent[]) => Promise<void>,
): Promise<void> {
  if (!spansEnabled()) return publish(events);
  const spans = events.map((event) => {
    const attributes = {
      ...destinationOf(event),
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.message.id': event.id,
    };
    return openSpan(`publish ${event.type}`, { kind: 'producer', attributes, causedBy: { ...event } });
  });
  const carrying = events.map((event, index) => {
    const { traceparent = event.traceparent } = spans[index]?.run(traceHeaders) ?? {};
    return { ...event, ...(traceparent && { traceparent }) };
  });
  let failure: unknown;
  try {
    await publish(carrying);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    for (const span of spans) span?.end({}, failure);
  }
}
