import { randomUUID } from 'node:crypto';
import type { CloudEvent } from '@platform/events';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { TopicMap } from './topic-map.js';
import { withAdmin } from './topics.js';

/** What of a topic: everything that it holds, where nothing else is said. */
export interface TopicRange {
  readonly topic: string;
  /** One partition alone. */
  readonly partition?: number | undefined;
  /** From this offset on, in each of the partitions. */
  readonly offset?: number | undefined;
  /** Sent at this time or later. */
  readonly since?: Date | undefined;
  /** Sent before this time. */
  readonly until?: Date | undefined;
}

interface OffsetRange {
  readonly topic: string;
  readonly partition: number;
  next: number;
  readonly end: number;
}

/**
 * Gives `handle` the events of a range that are in the topic now, those of a partition in their order. What is no event, or not of the topic's module, is left out. Belongs
 * to no consumer group: nobody's position changes, and nothing is left behind. @throws what `handle` fails with.
 */
export async function readTopic(
  kafka: Kafka,
  topics: Pick<TopicMap, 'read'>,
  range: TopicRange,
  handle: (events: readonly CloudEvent[]) => Promise<void>,
): Promise<void> {
  const ranges = await offsetRanges(kafka, range);
  const left = new Map(ranges.filter(({ next, end }) => next < end).map((each) => [each.partition, each]));
  if (left.size === 0) return;
  const groupId = `${range.topic}.replay.${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, retry: {} });
  const done = Promise.withResolvers<void>();
  const eachBatch = async ({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> => {
    const offsets = left.get(batch.partition);
    if (!offsets) return;
    try {
      const messages = batch.messages.filter(({ offset }) => within(offsets, Number(offset)));
      await handle(messages.flatMap(({ value }) => readable(() => topics.read(range.topic, value))));
    } catch (error) {
      return done.reject(error);
    }
    resolveOffset(batch.lastOffset());
    offsets.next = Number(batch.lastOffset()) + 1;
    if (offsets.next >= offsets.end) left.delete(batch.partition);
    if (left.size === 0) done.resolve();
    await heartbeat();
  };
  consumer.on('consumer.crash', ({ payload }) => !payload.restart && done.reject(payload.error));
  consumer.on('consumer.group_join', () => {
    for (const { topic, partition, next } of ranges) consumer.seek({ topic, partition, offset: String(next) });
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [range.topic], fromBeginning: true });
    await consumer.run({ eachBatchAutoResolve: false, autoCommit: false, eachBatch });
    await done.promise;
  } finally {
    await consumer.disconnect();
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => {});
  }
}

/** Where each partition is read from and to: as far as it goes now, so that it comes to an end. */
const offsetRanges = (
  kafka: Kafka,
  { topic, partition: only, offset = 0, since, until }: TopicRange,
): Promise<OffsetRange[]> =>
  withAdmin(kafka, async (admin) => {
    const at = async (time: Date | undefined): Promise<Map<number, number>> => {
      const found = time ? await admin.fetchTopicOffsetsByTimestamp(topic, time.getTime()) : [];
      return new Map(found.map((each) => [each.partition, Number(each.offset)]));
    };
    const [starts, ends] = [await at(since), await at(until)];
    const held = await admin.fetchTopicOffsets(topic);
    return held
      .filter(({ partition }) => only === undefined || partition === only)
      .map(({ partition, low, high }) => {
        const end = ends.get(partition) ?? Number(high);
        const next = Math.min(end, Math.max(Number(low), offset, starts.get(partition) ?? 0));
        return { topic, partition, next, end };
      });
  });

const within = ({ next, end }: OffsetRange, offset: number): boolean => offset >= next && offset < end;

function readable(read: () => CloudEvent): CloudEvent[] {
  try {
    return [read()];
  } catch {
    return [];
  }
}
