import type { Kafka } from 'kafkajs';
import { withAdmin } from './topics.js';

/** A group, and the topics that it reads. */
export interface ReadTopics {
  readonly group: string;
  readonly topics: readonly string[];
}

/** How many messages of a topic a group has not handled yet. */
export interface ConsumerLag {
  readonly group: string;
  readonly topic: string;
  readonly lag: number;
  /** The group has handled something of the topic. */
  readonly begun: boolean;
}

/** The lag of every group at each of its topics; of a group that has never read a topic, all that the topic still holds. */
export const consumerLags = (kafka: Kafka, reading: readonly ReadTopics[]): Promise<ConsumerLag[]> =>
  withAdmin(kafka, async (admin) => {
    const ends = new Map<string, { partition: number; low: string; high: string }[]>();
    for (const topic of new Set(reading.flatMap(({ topics }) => topics))) {
      ends.set(topic, await admin.fetchTopicOffsets(topic));
    }
    const lags: ConsumerLag[] = [];
    for (const { group, topics } of reading) {
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics: [...topics] })) {
        const committed = new Map(partitions.map(({ partition, offset }) => [partition, offset]));
        const lag = (ends.get(topic) ?? []).reduce((sum, { partition, low, high }) => {
          const offset = Number(committed.get(partition) ?? -1);
          return sum + Number(high) - (offset < 0 ? Number(low) : offset);
        }, 0);
        lags.push({ group, topic, lag, begun: partitions.some(({ offset }) => Number(offset) >= 0) });
      }
    }
    return lags;
  });
