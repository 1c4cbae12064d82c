import type { Config, processSections } from '@platform/foundation/config';
import { createHttpServer } from '@platform/foundation/http';
import { Lifecycle, type LifecycleComponent } from '@platform/foundation/lifecycle';
import { type AnySubgraphDefinition, assembleSubgraph } from '@platform/subgraph-server/subgraph';
import { eventBus } from './event-bus.js';
import { httpEndpoints } from './http-endpoints.js';
import { createProcessContext, type ProcessContext } from './process-context.js';
import { reloadConfig } from './reload-config.js';

/** A subgraph in a process of its own, behind HTTP. @param reread the configuration as it is now, for SIGHUP. */
export async function subgraphProcess(
  definition: AnySubgraphDefinition,
  port: number,
  config: Config<typeof processSections>,
  reread: () => Config<typeof processSections>,
): Promise<{ root: LifecycleComponent; reload: () => Promise<void> } & ProcessContext> {
  const shared = createProcessContext(config, definition.name);
  const databaseUrl = config.database.url as string;
  const endpoints = httpEndpoints(shared);
  const bus = await eventBus(config, definition.name, shared);
  if (config.kafka.brokers === null) {
    shared.logger.warn('kafka brokers not configured (KAFKA_BROKERS); events stay in this process');
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
  subgraph.server.register(http.app, http.admission);
  subgraph.routes(http.app);

  const root = new Lifecycle(shared.logger, { name: definition.name, shutdownTimeout: config.server.shutdownTimeout });
  if (config.database.migrateOnStart) {
    const { migrateAll } = await import('./migrations.js');
    root.add({ name: 'migrations', start: async () => void (await migrateAll(databaseUrl, config, shared.logger)) });
  }
  root.add(...shared.parts, bus, endpoints.part, subgraph.part, bus.consumers, http);
  return { ...shared, root, reload: reloadConfig(shared.logger, reread) };
}
