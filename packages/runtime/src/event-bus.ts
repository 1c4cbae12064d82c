import { type EventBus, InProcessBus, type Publisher } from '@platform/events';
import type { ProcessConfig } from '@platform/foundation/config';
import type { TopicMap } from '@platform/kafka';
import { readSupergraphConfig } from '@platform/subgraph-client/discovery';
import { readModules } from './modules.js';
import type { ProcessContext } from './process-context.js';

type BusConfig = Pick<ProcessConfig, 'kafka' | 'events' | 'discovery'>;

/** What carries the events of a process: Kafka where there are brokers, else the process itself, which then does not load its client. */
export async function eventBus(
  config: BusConfig,
  name: string,
  { logger, metrics, health }: ProcessContext,
): Promise<EventBus> {
  const publishers = publishersIn(config);
  if (config.kafka.brokers === null) return new InProcessBus(publishers);
  const { KafkaBus } = await import('@platform/kafka');
  const bus = new KafkaBus({
    config: config.kafka,
    events: config.events,
    clientId: name,
    publishers,
    logger,
    metrics,
  });
  health.add(bus.check);
  return bus;
}

/** Which topics there are, for a tool that works beside the processes. */
export async function topicMap(config: BusConfig): Promise<TopicMap> {
  const { TopicMap } = await import('@platform/kafka');
  return new TopicMap(config.kafka.topicPrefix, publishersIn(config));
}

/** Every subgraph, with what its module.yaml says that it publishes; one of another repository may publish anything. */
function publishersIn({ discovery }: BusConfig): Publisher[] {
  const modules = readModules();
  return readSupergraphConfig(discovery.supergraphConfig, discovery.routingUrls).map(({ name }) => ({
    name,
    types: modules.get(name)?.events.published,
  }));
}
