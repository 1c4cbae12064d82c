import type { ServerConfig } from '@platform/kernel/config';
import type { ErrorBus } from '@platform/kernel/errors';
import type { SubgraphEndpoint } from '@platform/kernel/graphql';
import type { Health } from '@platform/kernel/health';
import { createHttpServer, type HttpServerPart } from '@platform/kernel/http';
import { Lifecycle, type Part } from '@platform/kernel/lifecycle';
import type { Logger } from '@platform/kernel/logging';
import type { Metrics } from '@platform/kernel/metrics';
import type { CommonRouterConfig } from './config.js';
import { Engine, type Supergraph } from './engine/index.js';
import { type OperationContext, type Pipeline, pipelineOf } from './operation.js';
import { type PipelineParts, pipeline } from './pipeline.js';
import { RefusalReport } from './refusal-report.js';
import { subgraphEndpoints } from './subgraph-endpoints.js';
import { followed, type OpenEngine, refresh, type SupergraphSource, Supergraphs } from './supergraphs/index.js';
import { type CorsRules, registerCors } from './transports/http/cors.js';

/** What every router is given by its process. */
export interface RouterFoundation {
  readonly config: { readonly server: ServerConfig; readonly router: CommonRouterConfig };
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly errors: ErrorBus;
  /** The composed supergraph to begin with. */
  readonly sdl: string;
  /** Where later ones come from; left out where the first one stays. */
  readonly source?: SupergraphSource;
  /** Used when `server.port` is not set. */
  readonly port: number;
}

/** What may change while a router runs. */
export interface LiveSettings {
  readonly cors: CorsRules;
}

/** A router that is put together: the part that runs it, and its HTTP server. */
export interface Router {
  readonly part: Part;
  readonly http: HttpServerPart;
  /** What it serves; long-lived answers follow its swaps. */
  readonly supergraphs: Supergraphs;
  /** Takes over changed settings and reads the supergraph anew. */
  reload(settings: LiveSettings): Promise<void>;
}

/** The parts of a router that do not depend on who its callers are. */
export class RouterFrame implements Router {
  readonly http: HttpServerPart;
  readonly supergraphs: Supergraphs;
  readonly part: Lifecycle;
  private cors: CorsRules;

  /** @throws CompositionFailed */
  constructor(
    private readonly foundation: RouterFoundation,
    open: OpenEngine,
  ) {
    const { config, logger, health, sdl, source } = foundation;
    const { reload, cors } = config.router;
    this.supergraphs = new Supergraphs(sdl, { open, logger, warm: reload.warmOperations });
    health.add(this.supergraphs.healthCheck());
    this.cors = cors;
    this.http = createHttpServer({
      ...foundation,
      config: config.server,
      name: 'router',
      onError: (error) => foundation.errors.publish(error),
    });
    registerCors(this.http.app, () => this.cors);
    const watch = source && reload.watch ? followed(this.supergraphs, source, logger) : [];
    this.part = new Lifecycle(logger, { name: 'router', shutdownTimeout: config.server.shutdownTimeout });
    this.part.add(this.supergraphs, ...watch, this.http);
  }

  pipeline(parts: Pick<PipelineParts, 'tokens' | 'callers' | 'policies' | 'headers'>): Pipeline {
    const { metrics, logger, config } = this.foundation;
    const { authorization, override } = config.router;
    const refusals = new RefusalReport(authorization, metrics, logger);
    const mode = authorization.mode;
    const own = { supergraphs: this.supergraphs, mode, refusals, overrides: override.labels };
    return pipelineOf(pipeline({ ...this.foundation, ...parts, ...own }));
  }

  async reload({ cors }: LiveSettings): Promise<void> {
    this.cors = cors;
    if (this.foundation.source) await refresh(this.supergraphs, this.foundation.source);
  }
}

/** The engine of one supergraph, as this router's configuration wants it. */
export function createEngine(
  { config, metrics, logger }: Pick<RouterFoundation, 'config' | 'metrics' | 'logger'>,
  supergraph: Supergraph,
  endpoint: (subgraph: string) => SubgraphEndpoint,
  timeoutMs: (subgraph: string) => number = () => config.router.subgraphTimeout,
): Engine {
  const { router } = config;
  return new Engine({
    supergraph,
    endpoints: subgraphEndpoints(endpoint),
    timeoutMs,
    planCacheSize: router.planCacheSize,
    maxTokens: router.maxTokens,
    introspection: router.introspection,
    singleFlight: router.singleFlight,
    filterIntrospection: router.authorization.filterIntrospection,
    onSubgraphFailure: (failure) => {
      const code = String(failure.extensions.code);
      metrics.fetchErrors.inc({ subgraph: failure.service, code });
      logger.warn({ subgraph: failure.service, code, err: failure.originalError }, failure.message);
    },
  });
}

/** What every subgraph may know of the request: which one it is and where it comes from. */
export const requestHeaders = ({ requestId, clientIp, userAgent }: OperationContext): Record<string, string> => ({
  'x-request-id': requestId,
  ...(clientIp && { 'x-client-ip': clientIp }),
  ...(userAgent && { 'user-agent': userAgent }),
});
