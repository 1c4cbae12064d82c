import { type CloudEvent, EventMetrics, includesType } from '@platform/events';
import { OperatorError } from '@platform/foundation/errors';
import { kafkaClient, readTopic, type TopicRange, topicOf } from '@platform/kafka';
import { type InboxConsumer } from '@platform/outbox';
import { topicMap } from '@platform/runtime/event-bus';
import type { SubgraphName } from '@platform/runtime/modules';
import { print } from '../options.js';
import type { EventTools } from './event-tools.js';
import { withHandlers } from './with-handlers.js';

/** Which events of a topic, for whom, and whether those that had their effect are to have it once more. */
export interface TopicReplay extends Omit<TopicRange, 'topic'> {
  readonly type?: string | undefined;
  /** The subgraph whose handlers get them. */
  readonly to: SubgraphName;
  /** One of its handlers alone. */
  readonly handler?: string | undefined;
  readonly again?: boolean | undefined;
}

/** There are no topics to read: events stay within the process. */
export class NoTopics extends OperatorError {
  constructor() {
    super('There are no Kafka brokers (KAFKA_BROKERS), and so no topics. Leave --to out to have an outbox sent again.');
  }
}

/** The subgraph has no handler that could be meant. */
class UnknownHandler extends OperatorError {
  constructor({ to, handler }: TopicReplay, consumers: readonly InboxConsumer[]) {
    const names = consumers.map((consumer) => consumer.handler.name);
    super(`${to} has no handler${handler ? ` ${handler}` : ''}; it has ${names.join(', ') || 'none'}.`);
  }
}

/**
 * Gives events that are still in a subgraph's topic to the handlers of one subgraph, in this process. Whoever had one takes no notice, unless
 * `again`: then its note is taken out of the inbox before. @throws NoTopics, UnknownHandler
 */
export async function replayTopic(source: SubgraphName, replay: TopicReplay, tools: EventTools): Promise<void> {
  const { config, logger, open } = tools;
  if (config.kafka.brokers === null) throw new NoTopics();
  const { to, handler, type, again, ...range } = replay;
  const kafka = kafkaClient(config.kafka, 'platformctl', logger);
  const topics = await topicMap(config);
  const topic = topicOf(config.kafka.topicPrefix, source);
  let read = 0;
  let failed = 0;

  await withHandlers(to, tools, async ({ consumers, metrics }) => {
    const chosen = consumers.filter((consumer) => handler === undefined || consumer.handler.name === handler);
    if (chosen.length === 0) throw new UnknownHandler(replay, consumers);
    await open(to, (tables) =>
      readTopic(kafka, topics, { topic, ...range }, async (events) => {
        const meant = events.filter((event) => type === undefined || event.type === type);
        read += meant.length;
        for (const consumer of chosen) {
          const wanted: CloudEvent[] = meant.filter(({ type }) => includesType(consumer.types, type));
          if (wanted.length === 0) continue;
          if (again) await tables.forgetHandled(consumer.handler.name, wanted);
          const letters = await consumer.handleBatch(wanted);
          failed += letters.length;
          for (const { event, reason } of letters) print(`failed  ${event.id}  ${consumer.handler.name}  ${reason}`);
        }
      }),
    );
    const { eventsConsumed, eventsAbsorbed } = metrics.of(EventMetrics);
    const sum = async (metric: typeof eventsConsumed): Promise<number> =>
      (await metric.get()).values.reduce((total, { value }) => total + value, 0);
    const [handled, absorbed] = [await sum(eventsConsumed), await sum(eventsAbsorbed)];
    print(`${read} events of ${topic}: ${to} handled ${handled}, had ${absorbed} already, gave up ${failed}.`);
  });
  if (failed > 0) process.exitCode = 1;
}
