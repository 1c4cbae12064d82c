import { EmbeddedPostgres } from '@platform/embedded-postgres';
import type { EventBus } from '@platform/events';
import { type Config, processSections } from '@platform/foundation/config';
import type { ErrorBus } from '@platform/foundation/errors';
import { Lifecycle, type LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import { withTenant } from '@platform/postgres/tenancy';
import { createPlatformRouter, type Router, routerSections } from '@platform/router';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { assembleSubgraph, type Subgraph } from '@platform/subgraph-server/subgraph';
import { eventBus } from './event-bus.js';
import { httpEndpoints } from './http-endpoints.js';
import { migrateAll } from './migrations.js';
import { createProcessContext } from './process-context.js';
import { reloadConfig } from './reload-config.js';
import { type Seeding, seedAdministrator, undecided } from './seed-administrator.js';
import { orderedDefinitions, subgraphSections } from './subgraphs.js';
import { supergraphSource } from './supergraph-source.js';
import { peopleOf } from './with-people.js';

/** Everything that the embedded platform reads. */
export const platformSections = { ...processSections, ...routerSections, ...subgraphSections };

export type PlatformConfig = Config<typeof platformSections>;

const ROUTER_PORT = 4000;

/** The whole platform in one process: PostgreSQL unless `database.url` names one, every subgraph of this repository, and the router that calls them in process, and others by HTTP. */
export class EmbeddedPlatform implements LifecycleComponent {
  readonly name = 'platform';
  private readonly context: ReturnType<typeof createProcessContext<PlatformConfig>>;
  private readonly stopping: LifecycleComponent[] = [];
  private router: Router | undefined;
  /** What became of the first administrator, once started. */
  seeding: Seeding | undefined;

  /** @param reread the configuration as it is now, for SIGHUP. */
  constructor(
    private readonly config: PlatformConfig,
    private readonly reread: () => PlatformConfig,
  ) {
    this.context = createProcessContext(config, 'platform');
  }

  get logger(): Logger {
    return this.context.logger;
  }

  get errors(): ErrorBus {
    return this.context.errors;
  }

  /** Where the router listens. */
  get url(): string {
    if (!this.router) throw new Error('The platform has not started');
    return this.router.http.url;
  }

  async start(): Promise<void> {
    const { logger } = this.context;
    const databaseUrl = this.config.database.url ?? (await this.startPostgres());
    if (this.config.database.migrateOnStart) await migrateAll(databaseUrl, this.config, logger);

    const bus = await eventBus(this.config, 'platform', this.context);
    const subgraphs = await this.assemble(databaseUrl, bus);
    const foreign = httpEndpoints(this.context, {
      maxResponseBytes: this.config.router.responses.perSubgraph,
      except: new Set(subgraphs.keys()),
    });
    const own = endpointsOf(subgraphs);
    const endpoint = (name: string) => (subgraphs.has(name) ? own(name) : foreign.endpoint(name));
    const source = supergraphSource(this.config, logger, subgraphs);
    const sdl = await source.read();
    const cache = this.config.redis.url === null ? undefined : this.context.cache;
    this.router = createPlatformRouter({ ...this.context, bus, cache, sdl, source, endpoint, port: ROUTER_PORT });
    for (const { routes } of subgraphs.values()) routes(this.router.http.app);

    const lifecycle = new Lifecycle(logger, { shutdownTimeout: this.config.server.shutdownTimeout });
    lifecycle.add(
      ...this.context.parts,
      bus,
      foreign.part,
      ...[...subgraphs.values()].map(({ part }) => part),
      bus.consumers,
    );
    await this.begin(lifecycle);
    this.seeding = await withTenant(this.config.platform.tenantId, () =>
      seedAdministrator(peopleOf(subgraphs), this.config),
    );
    if (this.seeding.outcome === 'undecided') logger.warn(undecided(this.seeding.email));
    await this.begin(this.router.part);
  }

  /** For SIGHUP. */
  reload(): Promise<void> {
    return reloadConfig(this.logger, this.reread, async ({ router }) => this.router?.reload(router))();
  }

  async stop(): Promise<void> {
    for (const part of this.stopping.splice(0).reverse()) await part.stop?.();
  }

  private async startPostgres(): Promise<string> {
    const postgres = new EmbeddedPostgres({
      dataDirectory: this.config.platform.dataDir,
      onNotice: (notice) => this.logger.info(notice),
    });
    await this.begin(postgres);
    return postgres.url;
  }

  private async assemble(databaseUrl: string, bus: EventBus): Promise<Map<string, Subgraph>> {
    const subgraphs = new Map<string, Subgraph>();
    for (const definition of orderedDefinitions()) {
      const shared = { ...this.context, databaseUrl, bus, endpoint: endpointsOf(subgraphs) };
      subgraphs.set(definition.name, await assembleSubgraph(definition, shared));
    }
    return subgraphs;
  }

  /** Starts a part that `stop` ends, also when a later one fails to start. */
  private async begin(part: LifecycleComponent): Promise<void> {
    this.stopping.push(part);
    await part.start?.();
  }
}

/** Calls between subgraphs of one process; looked up when called, so that they may know each other before all are there. */
const endpointsOf =
  (subgraphs: ReadonlyMap<string, Subgraph>) =>
  (name: string): SubgraphEndpoint => {
    const server = () => {
      const subgraph = subgraphs.get(name);
      if (!subgraph) throw new Error(`There is no subgraph named ${name} in this process`);
      return subgraph.server;
    };
    return {
      execute: async (request, headers) => server().execute(request, headers),
      subscribe: async (request, headers, signal) => server().subscribe(request, headers, signal),
    };
  };
