import { type DeadLetter, EventMetrics, isTooLarge, UntrustedEvent } from '@platform/events';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { KafkaMessage, Message } from 'kafkajs';
import type { EventProducer } from './event-producer.js';
import { deadLetterTopicOf, reasonHeaders, toDeadLetter } from './message.js';

interface DeadLetterTopicOptions {
  readonly group: string;
  readonly producer: Pick<EventProducer, 'send'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * The `.dlq` beside a topic: what a group could not handle of it. Events are in a `dead_letter` table as well, where they are retried
 * from; a message that is no event, or not to be believed, is here alone.
 */
export class DeadLetterTopic {
  constructor(private readonly options: DeadLetterTopicOptions) {}

  /** The letter of a message that is refused, which is counted and logged. */
  refused(topic: string, { key, value, headers }: KafkaMessage, error: unknown): Message {
    const { group, logger, metrics } = this.options;
    const type = error instanceof UntrustedEvent ? 'untrusted' : 'unreadable';
    metrics.of(EventMetrics).eventsDeadLettered.inc({ type });
    logger.warn({ group, topic, reason: String(error) }, 'message rejected; sending it to the dead letters');
    return { key, value, headers: { ...headers, ...reasonHeaders(group, String(error)) } };
  }

  /** What the brokers find too large goes without its value: it must not hold up what comes after it. @throws when the brokers have not taken them */
  async send(topic: string, given: readonly DeadLetter[], refused: readonly Message[]): Promise<void> {
    const letters = [...given.map(toDeadLetter), ...refused];
    if (letters.length === 0) return;
    const { group, logger, producer } = this.options;
    const deadLetterTopic = deadLetterTopicOf(topic);
    try {
      await producer.send([{ topic: deadLetterTopic, messages: letters }]);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      logger.warn({ group, topic, reason: String(error) }, 'dead letters too large; sending them without values');
      const messages = letters.map(({ key, headers }) => ({ key: key ?? null, headers: headers ?? {}, value: null }));
      await producer.send([{ topic: deadLetterTopic, messages }]);
    }
  }
}
