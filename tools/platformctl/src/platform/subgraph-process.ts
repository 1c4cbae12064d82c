import type { Config, kernelSections } from '@platform/kernel/config';
import { readSupergraphConfig } from '@platform/kernel/discovery';
import { HttpEndpoint } from '@platform/kernel/graphql';
import { createHttpServer } from '@platform/kernel/http';
import { Lifecycle, type Part } from '@platform/kernel/lifecycle';
import { type AnySubgraphDefinition, assembleSubgraph } from '@platform/kernel/subgraph';
import { eventBus } from './event-bus.js';
import { type Foundation, foundation } from './foundation.js';
import { migrateAll } from './migrations.js';

/** A subgraph in a process of its own, behind HTTP. */
export async function subgraphProcess(
  definition: AnySubgraphDefinition,
  port: number,
  config: Config<typeof kernelSections>,
): Promise<{ root: Part } & Foundation> {
  const shared = foundation(config, definition.name);
  const databaseUrl = config.database.url as string;
  const endpoints = httpEndpoints(config);
  const bus = eventBus(config, definition.name, shared);
  if (config.kafka.brokers === null) {
    shared.logger.warn('There are no Kafka brokers (KAFKA_BROKERS): events do not reach the other processes');
  }
  const subgraph = await assembleSubgraph(definition, {
    ...shared,
    databaseUrl,
    bus,
    endpoint: endpoints.endpoint,
  });
  const http = createHttpServer({
    config: config.server,
    port,
    logger: shared.logger,
    health: shared.health,
    metrics: shared.metrics,
    onError: (error) => shared.errors.publish(error),
  });
  subgraph.server.register(http.app);

  const root = new Lifecycle(shared.logger, { name: definition.name, shutdownTimeout: config.server.shutdownTimeout });
  if (config.database.migrateOnStart) {
    root.add({ name: 'migrations', start: async () => void (await migrateAll(databaseUrl, config, shared.logger)) });
  }
  root.add(...shared.parts, bus, endpoints.part, subgraph.part, bus.deliveries, http);
  return { ...shared, root };
}

/** Subgraphs behind HTTP, by the names and URLs of supergraph.yaml. */
export function httpEndpoints({ discovery }: Pick<Config<typeof kernelSections>, 'discovery'>) {
  const endpoints = new Map(
    readSupergraphConfig(discovery.supergraphConfig, discovery.routingUrls).map(({ name, url }) => [
      name,
      new HttpEndpoint(url),
    ]),
  );
  const endpoint = (name: string): HttpEndpoint => {
    const found = endpoints.get(name);
    if (!found) throw new Error(`supergraph.yaml lists no subgraph named ${name}`);
    return found;
  };
  const part: Part = {
    name: 'subgraph connections',
    stop: async () => void (await Promise.all([...endpoints.values()].map((each) => each.stop()))),
  };
  return { endpoint, part };
}
