import type { ResponseCache, Supergraph } from '@platform/federation-engine';
import type { ServerConfig } from '@platform/foundation/config';
import type { ErrorBus } from '@platform/foundation/errors';
import type { Health } from '@platform/foundation/health';
import type { HttpServerComponent } from '@platform/foundation/http';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { Cache } from '@platform/redis/cache';
import type { Redis } from '@platform/redis/connection';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import type { ApolloConfig } from './apollo/index.js';
import type { AuditOptions } from './audit-reports/index.js';
import type { CommonRouterConfig } from './config.js';
import type { Explorer } from './dev-ui/index.js';
import type { FailureReport } from './failure-report.js';
import type { PipelineDependencies } from './pipeline.js';
import type { RateLimitRules } from './rate-limits/index.js';
import type { CallerChanges } from './subscriptions/index.js';
import type { SupergraphSource, Supergraphs } from './supergraphs/index.js';
import type { CorsRules } from './transports/http/cors.js';

/** What every router is given by its process. */
export interface RouterDependencies {
  readonly config: {
    readonly server: ServerConfig;
    readonly router: CommonRouterConfig;
    readonly apollo: ApolloConfig;
  };
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly errors: ErrorBus;
  /** The composed supergraph to begin with. */
  readonly sdl: string;
  /** Where later ones come from; left out where the first one stays. */
  readonly source?: SupergraphSource;
  /** What several routers share; left out where there is one. */
  readonly redis?: Redis | null;
  /** What several routers share; left out where there is one alone. */
  readonly cache?: Cache;
  /** Used when `server.port` is not set. */
  readonly port: number;
}

/** A router as its preset wants it: all in which the platform's router and one that stands alone differ. */
export interface RouterOptions extends RouterDependencies {
  readonly auth: AuthOptions;
  readonly subgraphs: SubgraphOptions;
  /** Left out where nothing is audited. */
  readonly audit?: AuditOptions;
  /** Answers browsers that open the endpoint as a page; left out where there is no explorer. */
  readonly explorer?: Explorer;
}

/** Who callers are, and which policies are true for them. */
export interface AuthOptions
  extends Pick<PipelineDependencies, 'tokens' | 'callers' | 'organizations' | 'keyUses' | 'policies'> {
  /** How changes of callers reach their streams; left out where nobody signs in. */
  readonly changes?: CallerChanges;
}

/** How subgraphs are called. */
export interface SubgraphOptions {
  /** The way to the subgraphs of a supergraph that is about to serve. @throws InvalidConfig when one of them cannot be called. */
  readonly connect: (supergraph: Supergraph) => SubgraphConnections;
  /** Of one subgraph, in ms; left out where all have `router.subgraphTimeout`. */
  readonly timeoutMs?: (subgraph: string) => number;
  /** What subgraphs are told of the request, before the rules of `router.headers`. */
  readonly headers: PipelineDependencies['headers'];
  /** The client's headers that `headers` passes on as they are. */
  readonly forwardHeaders?: readonly string[];
}

export interface SubgraphConnections {
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
  /** Called once the supergraph's last operation has been answered. */
  close?(): void;
}

/** What may change while a router runs. */
export interface LiveSettings {
  readonly cors: CorsRules;
  readonly rateLimit: RateLimitRules;
}

/** A router that is put together: the part that runs it, and its HTTP server. */
export interface Router {
  readonly part: LifecycleComponent;
  readonly http: HttpServerComponent;
  /** What it serves; long-lived answers follow its swaps. */
  readonly supergraphs: Supergraphs;
  /** Answers of subgraphs that are cached; undefined where none are. */
  readonly responseCache: ResponseCache | undefined;
  /** Hears of what fails on our side. */
  readonly failures: FailureReport;
  /** Takes over changed settings and reads the supergraph anew. */
  reload(settings: Partial<LiveSettings>): Promise<void>;
}
