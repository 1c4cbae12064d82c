import { aggregateOf, type CloudEvent, type DeadLetter, readEnvelope } from '@platform/events';
import type { IHeaders, Message } from 'kafkajs';

/** The topic of what a module publishes: `/identity` goes to `identity.events`. */
export const topicOf = (prefix: string, source: string): string => `${prefix}${source.replace(/^\//, '')}.events`;

/** Where a topic's messages go that nobody could handle. */
export const deadLetterTopicOf = (topic: string): string => `${topic}.dlq`;

/** The event as a message: CloudEvents' structured mode, with what a reader chooses by without parsing as headers too. Each header costs every reader its decoding. */
export const toMessage = (event: CloudEvent): Message => ({
  key: aggregateOf(event),
  value: JSON.stringify(event),
  headers: {
    'content-type': 'application/cloudevents+json; charset=UTF-8',
    ce_type: event.type,
    tenant: event.tenantid,
    ...(event.traceparent && { traceparent: event.traceparent }),
  },
});

/** The event of a message. @throws when it is none */
export function toEvent(value: Buffer | null): CloudEvent {
  return readEnvelope(JSON.parse(value?.toString() ?? ''));
}

/** The type of the event, without parsing it; undefined when the sender set no headers. */
export const typeOf = (headers: IHeaders | undefined): string | undefined => headers?.['ce_type']?.toString();

/** A message that nobody could handle, with the reason beside what it was. */
export const toDeadLetter = ({ event, handler, reason }: DeadLetter): Message => {
  const message = toMessage(event);
  return { ...message, headers: { ...message.headers, ...reasonHeaders(handler, reason) } };
};

/** Why a message lies in a topic of dead letters. */
export const reasonHeaders = (handler: string, reason: string): IHeaders => ({
  'dlq-handler': handler,
  'dlq-reason': reason.slice(0, 1_000),
  'dlq-time': new Date().toISOString(),
});
