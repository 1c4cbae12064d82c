import { consumerLags, deadLetterTopicOf, kafkaClient, topicOf, withAdmin } from '@platform/kernel/events/kafka';
import { print } from '../options.js';
import { subgraphNames } from '../platform/modules.js';
import type { EventTools } from './event-tools.js';

/** Prints where events are: in outboxes, among dead letters and, with Kafka, in topics and on their way to consumers. */
export async function listEvents(tools: EventTools): Promise<void> {
  print('subgraph      waiting  oldest   published  dead letters');
  for (const name of subgraphNames) {
    const { waiting, oldest, published, dead } = await tools.open(name, (tables) => tables.summary());
    print(`${name.padEnd(12)} ${cell(waiting, 8)} ${cell(`${oldest} s`, 7)} ${cell(published, 11)} ${cell(dead, 13)}`);
  }
  if (tools.config.kafka.brokers !== null) await listTopics(tools);
}

async function listTopics({ config, logger }: EventTools): Promise<void> {
  const kafka = kafkaClient(config.kafka, 'platformctl', logger);
  const { topicPrefix } = config.kafka;
  const topics = subgraphNames.map((name) => topicOf(topicPrefix, name));
  const groups = subgraphNames.map((name) => `${topicPrefix}${name}`);
  print('\ntopic                          messages  dead letters');
  await withAdmin(kafka, async (admin) => {
    const kept = async (topic: string): Promise<number> =>
      (await admin.fetchTopicOffsets(topic)).reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    for (const topic of topics) {
      print(`${topic.padEnd(28)} ${cell(await kept(topic), 10)} ${cell(await kept(deadLetterTopicOf(topic)), 13)}`);
    }
  });
  print('\ngroup         topic                             lag');
  for (const { group, topic, lag } of await consumerLags(kafka, groups, topics)) {
    print(`${group.padEnd(13)} ${topic.padEnd(28)} ${cell(lag, 8)}`);
  }
}

const cell = (value: string | number, width: number): string => String(value).padStart(width);
