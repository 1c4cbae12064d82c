import type { Kafka } from 'kafkajs';
import { withAdmin } from './topics.js';

/** How many messages of a topic a group has not handled yet. */
export interface ConsumerLag {
  readonly group: string;
  readonly topic: string;
  readonly lag: number;
}

/** The lag of every group at every topic; of a group that has never read a topic, all that the topic still holds. */
export const consumerLags = (
  kafka: Kafka,
  groups: readonly string[],
  topics: readonly string[],
): Promise<ConsumerLag[]> =>
  withAdmin(kafka, async (admin) => {
    const ends = new Map<string, { partition: number; low: string; high: string }[]>();
    for (const topic of topics) ends.set(topic, await admin.fetchTopicOffsets(topic));
    const lags: ConsumerLag[] = [];
    for (const group of groups) {
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics: [...topics] })) {
        const committed = new Map(partitions.map(({ partition, offset }) => [partition, offset]));
        const lag = (ends.get(topic) ?? []).reduce((sum, { partition, low, high }) => {
          const offset = Number(committed.get(partition) ?? -1);
          return sum + Number(high) - (offset < 0 ? Number(low) : offset);
        }, 0);
        lags.push({ group, topic, lag });
      }
    }
    return lags;
  });
