import { type CloudEvent, EventListeners, identityOf } from '@platform/events';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { typeOf } from './message.js';
import type { TopicMap } from './topic-map.js';
import { withAdmin } from './topics.js';

/** What the identities of events that were broadcast may weigh, in bytes: some ten thousand. */
const SEEN_BYTES = 4 * 1024 * 1024;

/**
 * Broadcasts every event of the topics that listeners need, from the start on, in every instance. Positions are kept here, not in the cluster: after an outage
 * it goes on where it was, and nothing is left behind when the instance is gone. What the relay sends twice is broadcast once.
 */
export class BroadcastConsumer {
  /** Who listens. */
  readonly listeners = new EventListeners();
  private readonly positions = new Map<string, { topic: string; partition: number; offset: string }>();
  private readonly seen = new WeightedCache<true>({ bytes: SEEN_BYTES, weigh: () => 0 });

  constructor(private readonly topicMap: Pick<TopicMap, 'read'>) {}

  /** Notes where the topics end now, unless a position is known already. A topic that ends before that is another one, made again: it is read from its start. */
  async findPositions(kafka: Kafka, topics: readonly string[]): Promise<void> {
    await withAdmin(kafka, async (admin) => {
      for (const topic of topics) {
        const ends = await admin.fetchTopicOffsets(topic);
        const known = ends.map(({ partition }) => this.positions.get(`${topic}/${partition}`)?.offset);
        const recreated = ends.some(({ high }, index) => BigInt(high) < BigInt(known[index] ?? high));
        for (const [index, { partition, low, high }] of ends.entries()) {
          this.setPosition(topic, partition, recreated ? low : (known[index] ?? high));
        }
      }
    });
  }

  /** Topics that are missing are read from their start, once they are made again: to be called before that. */
  resetTopics(topics: readonly string[]): void {
    for (const { topic, partition } of [...this.positions.values()]) {
      if (topics.includes(topic)) this.setPosition(topic, partition, '0');
    }
  }

  /** Once the consumer has its partitions. */
  readonly seek = (consumer: Consumer, topics: readonly string[]): void => {
    for (const position of this.positions.values()) if (topics.includes(position.topic)) consumer.seek(position);
  };

  /** For kafkajs' `eachBatch`. */
  readonly handleBatch = async ({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> => {
    for (const { value, headers, offset } of batch.messages) {
      const type = typeOf(headers);
      if (type !== undefined && this.listeners.want(type)) this.broadcast(batch.topic, value);
      this.setPosition(batch.topic, batch.partition, String(BigInt(offset) + 1n));
      resolveOffset(offset);
    }
    await heartbeat();
  };

  private broadcast(topic: string, value: Buffer | null): void {
    const event = this.readable(topic, value);
    if (!event || this.seen.has(identityOf(event))) return;
    this.seen.set(identityOf(event), true);
    this.listeners.call(event);
  }

  /** What is no event, or not to be believed, is for the groups to put aside. */
  private readable(topic: string, value: Buffer | null): CloudEvent | undefined {
    try {
      return this.topicMap.read(topic, value);
    } catch {
      return undefined;
    }
  }

  private setPosition(topic: string, partition: number, offset: string): void {
    this.positions.set(`${topic}/${partition}`, { topic, partition, offset });
  }
}
