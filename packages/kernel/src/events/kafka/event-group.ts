import { setTimeout as wait } from 'node:timers/promises';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { EventsConfig } from '../../config/index.js';
import type { Logger } from '../../logging/index.js';
import type { CloudEvent } from '../cloud-event.js';
import { type DeadLetter, type EventSubscriber, wants } from '../event-bus.js';
import type { Gate } from '../gate.js';
import type { EventProducer } from './event-producer.js';
import { deadLetterTopicOf, reasonHeaders, toDeadLetter, toEvent, typeOf } from './message.js';
import type { OffsetCommits } from './offset-commits.js';

/** Messages that are handled before their offset may be committed. */
const SLICE = 500;
const LONGEST_PAUSE = 5_000;
const GATE_CHECK = 100;

interface GroupOptions {
  readonly group: string;
  readonly subscribers: readonly EventSubscriber[];
  readonly producer: Pick<EventProducer, 'send'>;
  readonly commits: OffsetCommits;
  readonly gate: Gate;
  readonly config: EventsConfig;
  readonly heartbeatInterval: number;
  readonly logger: Logger;
}

/** What one group does with the messages of a partition: every subscriber has them, or has given them up, before their offset is committed. */
export class EventGroup {
  constructor(private readonly options: GroupOptions) {}

  /** For kafkajs' `eachBatch`. Stops early when the partition belongs to another member by now; that one gets what is left. */
  readonly take = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, heartbeat } = payload;
    for (let start = 0; start < batch.messages.length; start += SLICE) {
      const slice = batch.messages.slice(start, start + SLICE);
      if (!(await this.handled(payload, slice))) return;
      resolveOffset((slice.at(-1) as KafkaMessage).offset);
      await this.options.commits.resolved(payload);
      await heartbeat();
    }
  };

  /** Tries until it succeeds; false when the consumer is to stop before. */
  private async handled(payload: EachBatchPayload, slice: readonly KafkaMessage[]): Promise<boolean> {
    const { isRunning, isStale, heartbeat } = payload;
    const { group, config, gate, heartbeatInterval, logger } = this.options;
    const mine = (): boolean => isRunning() && !isStale();
    let lost: unknown;
    const beat = setInterval(() => void heartbeat().catch((error) => (lost ??= error)), heartbeatInterval);
    try {
      while (gate.isClosed(group) && mine() && !lost) await Promise.race([gate.passed(group), wait(GATE_CHECK)]);
      for (let pause = config.retryBackoff; mine() && !lost; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
        try {
          await this.deliver(payload.batch.topic, slice);
          return true;
        } catch (error) {
          logger.warn({ group, reason: String(error) }, 'Events cannot be handled now; trying again');
          await wait(pause);
        }
      }
    } finally {
      clearInterval(beat);
    }
    if (lost) throw lost;
    return false;
  }

  private async deliver(topic: string, messages: readonly KafkaMessage[]): Promise<void> {
    const { subscribers, producer } = this.options;
    const { events, unreadable } = this.read(messages);
    const outcomes = await Promise.allSettled(
      subscribers.map(async (subscriber): Promise<readonly DeadLetter[]> => {
        const wanted = events.filter((event) => wants(subscriber, event));
        return wanted.length > 0 ? subscriber.deliver(wanted) : [];
      }),
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
    const letters = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    const dead = [...letters.map(toDeadLetter), ...unreadable];
    if (dead.length > 0) await producer.send([{ topic: deadLetterTopicOf(topic), messages: dead }]);
  }

  /** The events that somebody in the group wants. What is no event goes to the dead letters as it came. */
  private read(messages: readonly KafkaMessage[]) {
    const events: CloudEvent[] = [];
    const unreadable = [];
    for (const { key, value, headers } of messages) {
      const type = typeOf(headers);
      if (type !== undefined && !this.options.subscribers.some((subscriber) => wants(subscriber, { type }))) continue;
      try {
        events.push(toEvent(value));
      } catch (error) {
        unreadable.push({ key, value, headers: { ...headers, ...reasonHeaders(this.options.group, String(error)) } });
      }
    }
    return { events, unreadable };
  }
}
