import { type Config, processSections } from '@platform/foundation/config';
import { Lifecycle, type LifecycleComponent } from '@platform/foundation/lifecycle';
import { createPlatformRouter, routerSections } from '@platform/router';
import { eventBus } from './event-bus.js';
import { httpEndpoints } from './http-endpoints.js';
import { createProcessContext, type ProcessContext } from './process-context.js';
import { reloadConfig } from './reload-config.js';
import { reverseProxy } from './reverse-proxy.js';
import { supergraphSource } from './supergraph-source.js';

const PORT = 4000;

/** A router has no database, and so needs no secret of one. */
const { database, ...withoutDatabase } = processSections;

/** What the platform's router reads. */
export const routerProcessSections = { ...withoutDatabase, ...routerSections };

/** The router in a process of its own, calling subgraphs over HTTP. @param reread the configuration as it is now, for SIGHUP. */
export async function routerProcess(
  config: Config<typeof routerProcessSections>,
  reread: () => Config<typeof routerProcessSections>,
): Promise<{ root: LifecycleComponent; reload: () => Promise<void> } & ProcessContext> {
  const shared = createProcessContext(config, 'router');
  const { endpoint, endpoints, part } = httpEndpoints(shared, {
    maxResponseBytes: config.router.responses.perSubgraph,
  });
  const source = supergraphSource(config, shared.logger);
  const cache = config.redis.url === null ? undefined : shared.cache;
  const bus = followsEvents(config) ? await eventBus(config, 'router', shared) : undefined;
  const router = createPlatformRouter({
    ...shared,
    bus,
    cache,
    sdl: await source.read(),
    source,
    endpoint,
    port: PORT,
  });
  reverseProxy(endpoints, shared.logger)(router.http.app);
  const root = new Lifecycle(shared.logger, { name: 'router', shutdownTimeout: config.server.shutdownTimeout });
  root.add(...shared.parts, ...(bus ? [bus, bus.consumers] : []), part, router.part);
  const reload = reloadConfig(shared.logger, reread, ({ router: settings }) => router.reload(settings));
  return { ...shared, root, reload };
}

/** A router that keeps no answers needs no events, and does not load what brings them. */
const followsEvents = ({ kafka, router }: Config<typeof routerProcessSections>): boolean =>
  kafka.brokers !== null && router.cache.enabled && router.cache.invalidate.length > 0;
