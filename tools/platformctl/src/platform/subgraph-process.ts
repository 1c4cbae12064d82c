import type { Config, kernelSections } from '@platform/kernel/config';
import { InProcessBus } from '@platform/kernel/events';
import { createHttpServer } from '@platform/kernel/http';
import { Lifecycle, type Part } from '@platform/kernel/lifecycle';
import { type AnySubgraphDefinition, assembleSubgraph } from '@platform/kernel/subgraph';
import { type Foundation, foundation } from './foundation.js';
import { httpEndpoints } from './http-endpoints.js';

/** A subgraph in a process of its own, behind HTTP. */
export async function subgraphProcess(
  definition: AnySubgraphDefinition,
  port: number,
  config: Config<typeof kernelSections>,
): Promise<{ root: Part } & Foundation> {
  const shared = foundation(config, definition.name);
  const databaseUrl = config.database.url as string;
  const endpoints = httpEndpoints(config);
  const subgraph = await assembleSubgraph(definition, {
    ...shared,
    databaseUrl,
    bus: new InProcessBus(),
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
    const { migrateAll } = await import('./migrations.js');
    root.add({ name: 'migrations', start: async () => void (await migrateAll(databaseUrl, config, shared.logger)) });
  }
  root.add(...shared.parts, endpoints.part, subgraph.part, http);
  return { ...shared, root };
}
