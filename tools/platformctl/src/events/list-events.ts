import { consumerLags, deadLetterTopicOf, kafkaClient, withAdmin } from '@platform/kafka';
import { topicMap } from '@platform/runtime/event-bus';
import { readModules, subgraphNames } from '@platform/runtime/modules';
import { print } from '../options.js';
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
  const topics = await topicMap(config);
  print('\ntopic                          messages  dead letters');
  await withAdmin(kafka, async (admin) => {
    const kept = async (topic: string): Promise<number> =>
      (await admin.fetchTopicOffsets(topic)).reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    for (const topic of topics.all) {
      print(`${topic.padEnd(28)} ${cell(await kept(topic), 10)} ${cell(await kept(deadLetterTopicOf(topic)), 13)}`);
    }
  });
  print('\ngroup         topic                             lag');
  const modules = readModules();
  const consumed = (name: string) => topics.carrying(modules.get(name)?.events.consumed ?? []);
  const groups = new Map(subgraphNames.map((name) => [`${topicPrefix}${name}`, consumed(name)]));
  const reading = [...groups.keys()].map((group) => ({ group, topics: topics.all }));
  for (const { group, topic, lag, begun } of await consumerLags(kafka, reading)) {
    if (!begun && !groups.get(group)?.includes(topic)) continue;
    print(`${group.padEnd(13)} ${topic.padEnd(28)} ${cell(lag, 8)}`);
  }
}

const cell = (value: string | number, width: number): string => String(value).padStart(width);
