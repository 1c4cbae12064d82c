import type { ResponseCache } from '@platform/federation-engine';
import type { ServerConfig } from '@platform/foundation/config';
import type { ErrorBus } from '@platform/foundation/errors';
import type { Health } from '@platform/foundation/health';
import { createHttpServer, type HttpServerComponent } from '@platform/foundation/http';
import { Lifecycle, type LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { Cache } from '@platform/redis/cache';
import type { Redis } from '@platform/redis/connection';
import type { GraphQLFormattedError } from 'graphql';
import { type ApolloConfig, type UsageReporting, usageReporting } from './apollo/index.js';
import { AuthorizationErrorFormatter } from './authorization-error-formatter.js';
import { registerInvalidation } from './caching/index.js';
import type { CommonRouterConfig } from './config.js';
import { DemandControl } from './cost/index.js';
import type { Explorer } from './dev-ui/index.js';
import { FailureReport } from './failure-report.js';
import { HeaderNames, HeaderRules, ResponseHeaderPropagation } from './headers/index.js';
import { DocumentLimits } from './limits/index.js';
import { createPersistedQueries, ManifestFiles, type PersistedQueries } from './persisted-queries/index.js';
import { type PipelineDependencies, pipeline } from './pipeline.js';
import { openRateLimits, type RateLimitRules, type RateLimits } from './rate-limits/index.js';
import { askerOf } from './stages/asker-of.js';
import { callerOf } from './stages/authenticate.js';
import { type CallerChanges, SubscriptionMetrics, Subscriptions } from './subscriptions/index.js';
import { followed, type OpenEngine, refresh, type SupergraphSource, Supergraphs } from './supergraphs/index.js';
import { ConcurrencyLimiter } from './traffic/index.js';
import { type CorsRules, registerCors } from './transports/http/cors.js';
import { registerEdge } from './transports/http/edge.js';
import { type Refused, registerGraphQL } from './transports/http/graphql-http.js';
import { OpenConnections } from './transports/open-connections.js';
import { EventStreams } from './transports/sse/event-streams.js';
import { registerGraphQLWebSocket } from './transports/websocket/graphql-websocket.js';

/** What every router is given by its process. */
export interface RouterFoundation {
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
  /** Answers of subgraphs that are kept; left out where none are. */
  readonly answers?: ResponseCache;
  /** Used when `server.port` is not set. */
  readonly port: number;
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
  /** Hears of what fails on our side. */
  readonly failures: FailureReport;
  /** Takes over changed settings and reads the supergraph anew. */
  reload(settings: Partial<LiveSettings>): Promise<void>;
}

/** Who may call, and what subgraphs hear of them. */
interface Access extends Pick<PipelineDependencies, 'tokens' | 'callers' | 'policies' | 'headers' | 'reads'> {
  /** Hears what callers are refused. */
  readonly onRefused?: (refusals: readonly GraphQLFormattedError[]) => void;
  /** Left out where callers are what their tokens say. */
  readonly changes?: CallerChanges;
  /** The client's headers that `headers` passes on as they are. */
  readonly forwardHeaders?: readonly string[];
  /** Answers browsers that open the endpoint as a page; left out where there is no explorer. */
  readonly explorer?: Explorer;
}

/** In which clients say who they are; these give no rights. */
const CLIENT_HEADERS = ['apollographql-client-name', 'apollographql-client-version'];

/** The parts of a router that do not depend on who its callers are. */
export class RouterFrame implements Router {
  readonly http: HttpServerComponent;
  readonly supergraphs: Supergraphs;
  readonly part: Lifecycle;
  private readonly rateLimits: RateLimits;
  private readonly persisted: PersistedQueries;
  private readonly manifests: ManifestFiles;
  private cors: CorsRules;
  /** Hears of what fails on our side. */
  readonly failures: FailureReport;
  private readonly usage: UsageReporting | undefined;

  /** @throws CompositionFailed */
  constructor(
    private readonly foundation: RouterFoundation,
    open: OpenEngine,
  ) {
    const { config, logger, health, sdl, source } = foundation;
    this.failures = new FailureReport(foundation.errors, foundation.metrics, logger);
    const { reload, cors, rateLimit, persistedQueries } = config.router;
    this.rateLimits = openRateLimits({ ...foundation, rules: rateLimit });
    this.persisted = createPersistedQueries({ ...foundation, config: config.router, cache: foundation.cache });
    const manifests = new ManifestFiles(this.persisted, {
      files: persistedQueries.mode === 'off' ? [] : persistedQueries.manifests,
      warm: persistedQueries.warm,
      logger,
      engine: () => this.supergraphs.engine,
    });
    this.manifests = manifests;
    this.supergraphs = new Supergraphs(sdl, {
      open,
      logger,
      warm: reload.warmOperations,
      prepare: (engine) => manifests.warm(engine),
    });
    health.add(this.supergraphs.healthCheck()).add(manifests.healthCheck());
    this.cors = cors;
    this.usage = usageReporting(config.apollo, logger);
    this.http = createHttpServer({
      ...foundation,
      config: config.server,
      name: 'router',
      continueTraces: config.router.edge.continueTraces,
      onError: (error) => foundation.errors.publish(error),
    });
    registerEdge(this.http.app, {
      ...config.router.edge,
      compression: config.router.compression,
      headers: config.router.headers.response,
      origins: () => this.cors.origins,
    });
    registerCors(this.http.app, () => this.cors, Object.keys(config.router.headers.fromSubgraphs));
    const watch = source && reload.watch ? followed(this.supergraphs, source, logger) : [];
    this.part = new Lifecycle(logger, { name: 'router', shutdownTimeout: config.server.shutdownTimeout });
    if (reload.watch) watch.push(...manifests.watch());
    this.part.add(...(this.usage ? [this.usage] : []), this.supergraphs, manifests, ...watch, this.http);
  }

  /** Everything that a client may speak to the router in, all of it running the same pipeline. */
  serve(given: Access): void {
    const { config, metrics, errors, answers } = this.foundation;
    const access = withHeaderRules(given, new HeaderRules(config.router.headers));
    const {
      batching,
      subscriptions: { heartbeat, parametersAsHeaders, connections: bounds, operationsPerConnection },
    } = config.router;
    const { app } = this.http;
    const parts = this.parts(access);
    const subscriptions = this.subscriptions(access, parts);
    const run = pipeline({ ...parts, subscriptions });
    const authenticate = async (authorization: string | undefined, clientIp: string | undefined) => {
      await this.rateLimits.byIp({ clientIp });
      const { claims } = await callerOf(authorization, access.tokens, access.callers).catch((error: unknown) => {
        this.failures.add(error);
        throw error;
      });
      return claims?.subject ?? null;
    };
    const connections = new OpenConnections(bounds);
    const eventStreams = new EventStreams(new OpenConnections(bounds), bounds.idle, operationsPerConnection);
    const onError = (error: unknown) => errors.publish(error);
    const count = (clientIp: string | undefined) => this.rateLimits.byIp({ clientIp });
    const { explorer } = access;
    const refused: Refused = (request) => this.http.admission.refusal(askerOf(request, access.tokens));
    const ways = { pipeline: run, eventStreams, heartbeat, batching, authenticate, count, refused, explorer, onError };
    registerGraphQL(app, ways);
    const sockets = registerGraphQLWebSocket(app, {
      pipeline: run,
      authenticate,
      connections,
      idle: bounds.idle,
      operations: operationsPerConnection,
      heartbeat,
      maxMessageBytes: config.server.bodyLimit,
      greetingTimeout: config.server.headersTimeout,
      clientIp: this.http.clientIp,
      namesHeader: new HeaderNames(parametersAsHeaders ? [...(access.forwardHeaders ?? []), ...CLIENT_HEADERS] : []),
      onError,
      origins: () => this.cors.origins,
    });
    app.addHook('preClose', async () => {
      await subscriptions.stop();
      await eventStreams.end();
      await sockets.close();
    });
    const { invalidationKey } = config.router.cache;
    if (answers && invalidationKey !== null) registerInvalidation(app, answers, invalidationKey);
    metrics.of(SubscriptionMetrics).watch(() => subscriptions.counts);
  }

  private parts(access: Access): Omit<PipelineDependencies, 'subscriptions'> {
    const { supergraphs, foundation, rateLimits } = this;
    const { metrics, logger, config } = foundation;
    const { authorization, override, subgraphErrors, headers, limits, cost, planning } = config.router;
    const refusals = new AuthorizationErrorFormatter(authorization, metrics, logger, access.onRefused);
    return {
      ...foundation,
      ...access,
      failures: this.failures,
      supergraphs,
      persisted: this.persisted,
      limits: new DocumentLimits({ maxima: limits, warnOnly: limits.warnOnly, metrics, logger }),
      demand: new DemandControl(cost, { metrics, logger }),
      ...(cost.mode === 'enforce' && {
        heavy: { bound: new ConcurrencyLimiter(cost.heavy.concurrency, cost.heavy.queue), above: cost.heavy.threshold },
      }),
      mode: authorization.mode,
      refusals,
      rateLimits,
      admission: this.http.admission,
      alwaysAdmitted: config.router.alwaysAdmitted,
      passed: new ResponseHeaderPropagation(headers),
      subgraphErrors,
      usage: this.usage,
      reported: config.apollo.usageReporting,
      overrides: override.labels,
      maxFetches: planning.maxFetches,
      varying: config.router.cache.cacheControlHeader ? new HeaderNames(access.forwardHeaders ?? []).varying : null,
    };
  }

  private subscriptions(
    { changes, forwardHeaders = [] }: Access,
    parts: Omit<PipelineDependencies, 'subscriptions'>,
  ): Subscriptions {
    const { supergraphs } = this;
    const subscriptions = new Subscriptions({
      ...parts,
      changes,
      forwarded: new HeaderNames(forwardHeaders),
      config: this.foundation.config.router.subscriptions,
      engine: () => supergraphs.engine,
      hold: (engine) => supergraphs.hold(engine),
    });
    supergraphs.onSwap(() => subscriptions.follow());
    return subscriptions;
  }

  async reload({ cors, rateLimit }: Partial<LiveSettings>): Promise<void> {
    this.cors = cors ?? this.cors;
    this.rateLimits.rules = rateLimit ?? this.rateLimits.rules;
    await this.manifests.reload();
    if (this.foundation.source) await refresh(this.supergraphs, this.foundation.source);
  }
}

/** What the configuration says of headers, on top of what the router makes. */
const withHeaderRules = (access: Access, rules: HeaderRules): Access => ({
  ...access,
  headers: async (on, subgraph) => rules.apply(on, subgraph, await access.headers(on, subgraph)),
  forwardHeaders: [...(access.forwardHeaders ?? []), ...rules.forwarded],
});
