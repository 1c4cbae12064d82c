import { type CloudEvent, type EventListener, identityOf, wants } from '@platform/events';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { typeOf } from './message.js';
import type { TopicMap } from './topic-map.js';
import { withAdmin } from './topics.js';

/** What the identities of events that were heard may weigh, in bytes: some ten thousand. */
const REMEMBERED = 4 * 1024 * 1024;

/**
 * Lets listeners hear every event of the topics that they need, from the start on, in every instance. Positions are kept here, not in the cluster: after an outage
 * it goes on where it was, and nothing is left behind when the instance is gone. What the relay sends twice is heard once.
 */
export class FanOut {
  private readonly listeners = new Set<EventListener>();
  private readonly positions = new Map<string, { topic: string; partition: number; offset: string }>();
  private readonly heard = new WeightedCache<true>({ bytes: REMEMBERED, weigh: () => 0 });

  constructor(private readonly topicMap: Pick<TopicMap, 'read'>) {}

  add(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Who listens. */
  get all(): Iterable<EventListener> {
    return this.listeners;
  }

  /** Notes where the topics end now, unless it is known already where to go on. A topic that ends before that is another one, made anew: it is heard from its start. */
  async find(kafka: Kafka, topics: readonly string[]): Promise<void> {
    await withAdmin(kafka, async (admin) => {
      for (const topic of topics) {
        const ends = await admin.fetchTopicOffsets(topic);
        const known = ends.map(({ partition }) => this.positions.get(`${topic}/${partition}`)?.offset);
        const anew = ends.some(({ high }, index) => BigInt(high) < BigInt(known[index] ?? high));
        for (const [index, { partition, low, high }] of ends.entries()) {
          this.goOn(topic, partition, anew ? low : (known[index] ?? high));
        }
      }
    });
  }

  /** Topics that are missing are heard from their start, once somebody makes them anew: to be told before that. */
  beginAnew(topics: readonly string[]): void {
    for (const { topic, partition } of [...this.positions.values()]) {
      if (topics.includes(topic)) this.goOn(topic, partition, '0');
    }
  }

  /** Once the consumer has its partitions. */
  readonly seek = (consumer: Consumer, topics: readonly string[]): void => {
    for (const position of this.positions.values()) if (topics.includes(position.topic)) consumer.seek(position);
  };

  /** For kafkajs' `eachBatch`. */
  readonly take = async ({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> => {
    for (const { value, headers, offset } of batch.messages) {
      const type = typeOf(headers);
      if (type !== undefined && this.isWanted(type)) this.tell(batch.topic, value);
      this.goOn(batch.topic, batch.partition, String(BigInt(offset) + 1n));
      resolveOffset(offset);
    }
    await heartbeat();
  };

  private tell(topic: string, value: Buffer | null): void {
    const event = this.readable(topic, value);
    if (!event || this.heard.has(identityOf(event))) return;
    this.heard.set(identityOf(event), true);
    for (const listener of this.listeners) if (wants(listener, event)) listener.hear(event);
  }

  /** What is no event, or not to be believed, is for the groups to put aside. */
  private readable(topic: string, value: Buffer | null): CloudEvent | undefined {
    try {
      return this.topicMap.read(topic, value);
    } catch {
      return undefined;
    }
  }

  private isWanted(type: string): boolean {
    for (const listener of this.listeners) if (wants(listener, { type })) return true;
    return false;
  }

  private goOn(topic: string, partition: number, offset: string): void {
    this.positions.set(`${topic}/${partition}`, { topic, partition, offset });
  }
}
