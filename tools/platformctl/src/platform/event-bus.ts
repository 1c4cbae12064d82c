import type { KernelConfig } from '@platform/kernel/config';
import { readSupergraphConfig } from '@platform/kernel/discovery';
import { type EventBus, InProcessBus } from '@platform/kernel/events';
import type { Foundation } from './foundation.js';

type BusConfig = Pick<KernelConfig, 'kafka' | 'events' | 'discovery'>;

/** What carries the events of a process: Kafka where there are brokers, else the process itself, which then does not load its client. */
export async function eventBus(
  config: BusConfig,
  name: string,
  { logger, metrics, health }: Foundation,
): Promise<EventBus> {
  if (config.kafka.brokers === null) return new InProcessBus();
  const { KafkaBus } = await import('@platform/kernel/events/kafka');
  const { supergraphConfig, routingUrls } = config.discovery;
  const modules = readSupergraphConfig(supergraphConfig, routingUrls).map((subgraph) => subgraph.name);
  const bus = new KafkaBus({ config: config.kafka, events: config.events, clientId: name, modules, logger, metrics });
  health.add(bus.check);
  return bus;
}
