import { setTimeout as wait } from 'node:timers/promises';
import { type CloudEvent, type EventConsumer, handleByAll, includesType } from '@platform/events';
import type { Logger } from '@platform/foundation/logging';
import { type RetryPolicy, retryDelay } from '@platform/foundation/retry';
import type { EachBatchPayload, KafkaMessage, Message } from 'kafkajs';
import type { DeadLetterTopic } from './dead-letter-topic.js';
import { typeOf } from './message.js';
import type { OffsetCommits } from './offset-commits.js';
import type { TopicMap } from './topic-map.js';

/** Messages that are handled before their offset may be committed. */
const SLICE = 1_000;

interface GroupOptions {
  readonly group: string;
  readonly consumers: readonly EventConsumer[];
  readonly topics: Pick<TopicMap, 'read'>;
  readonly deadLetters: DeadLetterTopic;
  readonly commits: OffsetCommits;
  readonly retryPolicy: RetryPolicy;
  readonly heartbeatInterval: number;
  /** Ms between the beginnings of two fetches, at least. */
  readonly minFetchInterval: number;
  readonly logger: Logger;
}

/**
 * What one group does with the messages of its partitions: every consumer has them, or has given them up, before their offset is committed.
 * A batch is handled while the next one is fetched: one that waits holds its partition, and so the memory that a process needs, to two.
 */
export class ConsumerGroupHandler {
  /** By partition, resolved once nothing of it is being handled. */
  private readonly handling = new Map<string, Promise<void>>();
  /** Grows whenever the partitions are distributed anew: what was fetched before is not to be handled then, it will be fetched again. */
  private generation = 0;
  private stopping = false;

  constructor(private readonly options: GroupOptions) {}

  /** For kafkajs' `eachBatch`. Resolves when the batch is next to be handled, or is being handled. */
  readonly handleBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, heartbeat } = payload;
    // Taking nothing at once would have the same messages fetched over and over.
    if (this.stopping) return this.beating(heartbeat, this.ended());
    const partition = `${batch.topic}/${batch.partition}`;
    const before = this.handling.get(partition) ?? Promise.resolve();
    const claim = this.claimOf(payload);
    this.handling.set(
      partition,
      before.then(() => this.handle(payload, claim)),
    );
    resolveOffset(batch.lastOffset());
    await this.beating(heartbeat, Promise.all([before, wait(this.options.minFetchInterval)]));
    await heartbeat();
  };

  /** For kafkajs' event of the partitions' being distributed. */
  readonly joined = (): void => {
    this.generation += 1;
    this.options.commits.forget();
  };

  /** Lets what is being handled end, and commits it. */
  readonly stop = async (): Promise<void> => {
    this.stopping = true;
    await this.ended();
    await this.options.commits.commit().finally(() => this.options.commits.forget());
  };

  private async ended(): Promise<void> {
    await Promise.all(this.handling.values());
  }

  /** Whether what was fetched now is still this member's to handle. */
  private claimOf({ isRunning, isStale }: EachBatchPayload): () => boolean {
    const { generation } = this;
    return () => !this.stopping && generation === this.generation && isRunning() && !isStale();
  }

  private async handle(payload: EachBatchPayload, claimed: () => boolean): Promise<void> {
    const { batch } = payload;
    const { messages } = batch;
    for (let start = 0; start < messages.length; start += SLICE) {
      const slice = messages.slice(start, start + SLICE);
      if (!(await this.handled(batch.topic, slice, claimed))) return;
      const last = start + SLICE < messages.length ? (slice.at(-1) as KafkaMessage).offset : batch.lastOffset();
      this.options.commits.handled(payload, last);
    }
  }

  /** Tries until it succeeds; false when the messages are not this member's any more. */
  private async handled(topic: string, slice: readonly KafkaMessage[], claimed: () => boolean): Promise<boolean> {
    const { group, retryPolicy, logger } = this.options;
    for (let failures = 1; claimed(); failures += 1) {
      try {
        await this.handOver(topic, slice);
        return claimed();
      } catch (error) {
        logger.warn({ group, reason: String(error) }, 'event batch failed; retrying');
        await wait(retryDelay(retryPolicy, failures));
      }
    }
    return false;
  }

  /** Waits, and keeps the membership meanwhile. @throws when that is lost */
  private async beating(heartbeat: () => Promise<void>, until: Promise<unknown>): Promise<void> {
    const lost = Promise.withResolvers<never>();
    const beat = setInterval(() => void heartbeat().catch(lost.reject), this.options.heartbeatInterval);
    try {
      await Promise.race([until, lost.promise]);
    } finally {
      clearInterval(beat);
    }
  }

  private async handOver(topic: string, messages: readonly KafkaMessage[]): Promise<void> {
    const { events, refused } = this.read(topic, messages);
    const letters = await handleByAll(this.options.consumers, events);
    await this.options.deadLetters.send(topic, letters, refused);
  }

  private isWanted(type: string): boolean {
    return this.options.consumers.some(({ types }) => includesType(types, type));
  }

  /** The events that somebody in the group wants. What is no event, or not of the module whose topic it is in, goes to the dead letters as it came. */
  private read(topic: string, messages: readonly KafkaMessage[]) {
    const events: CloudEvent[] = [];
    const refused: Message[] = [];
    for (const message of messages) {
      const type = typeOf(message.headers);
      if (type !== undefined && !this.isWanted(type)) continue;
      try {
        events.push(this.options.topics.read(topic, message.value));
      } catch (error) {
        refused.push(this.options.deadLetters.refused(topic, message, error));
      }
    }
    return { events, refused };
  }
}
