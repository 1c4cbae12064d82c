import { randomUUID } from 'node:crypto';
import { anonymousCaller, CALLER_TOKEN_HEADER, CallerTokenSigner, type VersionStamps } from '@platform/kernel/auth';
import type { Config, KernelConfig } from '@platform/kernel/config';
import type { ErrorBus } from '@platform/kernel/errors';
import { HttpEndpoint, type SubgraphEndpoint } from '@platform/kernel/graphql';
import type { Health } from '@platform/kernel/health';
import { createHttpServer, type HttpServerPart } from '@platform/kernel/http';
import { Lifecycle, type Part } from '@platform/kernel/lifecycle';
import type { Logger } from '@platform/kernel/logging';
import type { Mailbox } from '@platform/kernel/mail';
import type { Metrics } from '@platform/kernel/metrics';
import { CallerResolver, type Callers } from './callers/caller-resolver.js';
import { KeySet } from './callers/key-set.js';
import { PlatformOwners } from './callers/platform-owners.js';
import { TokenVerifier } from './callers/token-verifier.js';
import type { routerSections } from './config.js';
import { explorerPage, registerDevelopmentPages } from './development/index.js';
import { Engine, loadSupergraph } from './engine/index.js';
import { type OperationContext, pipelineOf, required } from './operation.js';
import { type PipelineParts, pipeline } from './pipeline.js';
import { callerOf } from './stages/authenticate.js';
import type { SubgraphHeaders } from './stages/execute-plan.js';
import { subgraphChecks } from './subgraph-checks.js';
import { subgraphEndpoints } from './subgraph-endpoints.js';
import { Subscriptions } from './subscriptions/subscriptions.js';
import { registerGraphQL } from './transports/http/graphql-http.js';
import { registerKeys } from './transports/http/keys.js';
import { EventStreams } from './transports/sse/event-streams.js';
import { registerGraphQLWebSocket } from './transports/websocket/graphql-websocket.js';

export { routerSections } from './config.js';

/** What every router is given by its process. */
interface RouterFoundation {
  readonly config: KernelConfig & Config<typeof routerSections>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly errors: ErrorBus;
  /** The composed supergraph. */
  readonly sdl: string;
  /** Used when `server.port` is not set. */
  readonly port: number;
}

interface PlatformRouterParts extends RouterFoundation {
  readonly stamps: VersionStamps;
  readonly mailer: Mailbox;
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
}

/** A router that is put together: the part that runs it, and its HTTP server. */
export interface Router {
  readonly part: Part;
  readonly http: HttpServerPart;
}

/** The platform's router: access tokens by identity's keys, permissions by authz, a signed caller token for each subgraph. @throws CompositionFailed */
export async function composeRouter(parts: PlatformRouterParts): Promise<Router> {
  const { config, health } = parts;
  const { tenantId } = config.platform;
  const signer = new CallerTokenSigner(config.callerToken.privateKey, config.callerToken.lifetime);
  const owners = new PlatformOwners(parts.endpoint, signer, { tenantId, timeout: config.router.subgraphTimeout });
  const keys = new KeySet(() => owners.signingKeys(), config.router.jwksRefresh);
  const callers = new CallerResolver(owners, parts.stamps, {
    tenantId,
    size: config.router.callerCacheSize,
    lifetime: config.router.callerCacheLifetime,
  });
  const { jwt, clockSkew } = config.router;
  const tokens = new TokenVerifier(keys.find, { ...jwt, clockSkew });
  const headers: SubgraphHeaders = async (context, subgraph) => ({
    ...requestHeaders(context),
    [CALLER_TOKEN_HEADER]: await signer.sign(required(context, 'caller'), subgraph),
  });

  const engine = createEngine(parts, parts.endpoint);
  const http = httpServer(parts);
  registerKeys(http.app, keys);
  const subscriptions = new Subscriptions({
    engine,
    callers,
    stamps: parts.stamps,
    config: config.router.subscriptions,
    headers: async (caller, subgraph) => ({
      'x-request-id': randomUUID(),
      [CALLER_TOKEN_HEADER]: await signer.sign(caller, subgraph),
    }),
    onUnexpected: (error) => parts.errors.publish(error),
  });
  registerTransports(http, parts, { engine, tokens, callers, headers, subscriptions });
  if (config.router.developmentPages) {
    registerDevelopmentPages(http.app, { mailbox: parts.mailer, appName: config.app.name });
  }
  for (const check of subgraphChecks(engine.supergraph, parts.endpoint, signer, tenantId)) health.add(check);
  return { part: http, http };
}

/** A router in front of anybody's subgraphs, by the URLs of the supergraph: nobody signs in, and subgraphs get no caller token. @throws CompositionFailed */
export async function composeStandAloneRouter(parts: RouterFoundation): Promise<Router> {
  const { config } = parts;
  const { tenantId } = config.platform;
  const supergraph = loadSupergraph(parts.sdl);
  const endpoints = new Map([...supergraph.subgraphs].map(([name, { url }]) => [name, new HttpEndpoint(url)]));
  const anonymous: Callers = { resolve: async () => anonymousCaller(tenantId) };

  const engine = createEngine(parts, (name) => endpoints.get(name) as HttpEndpoint);
  const http = httpServer(parts);
  const subscriptions = new Subscriptions({
    engine,
    callers: anonymous,
    stamps: null,
    config: config.router.subscriptions,
    headers: async () => ({ 'x-request-id': randomUUID() }),
    onUnexpected: (error) => parts.errors.publish(error),
  });
  const headers: SubgraphHeaders = async (context) => requestHeaders(context);
  registerTransports(http, parts, { engine, tokens: null, callers: anonymous, headers, subscriptions });
  const part = new Lifecycle(parts.logger, { name: 'router', shutdownTimeout: config.server.shutdownTimeout });
  part.add(...endpoints.values(), http);
  return { part, http };
}

function createEngine(parts: RouterFoundation, endpoint: (subgraph: string) => SubgraphEndpoint): Engine {
  const { router } = parts.config;
  return new Engine({
    supergraph: loadSupergraph(parts.sdl),
    endpoints: subgraphEndpoints(endpoint),
    timeoutMs: () => router.subgraphTimeout,
    planCacheSize: router.planCacheSize,
    maxTokens: router.maxTokens,
    introspection: router.introspection,
    onSubgraphFailure: (failure) => {
      const code = String(failure.extensions.code);
      parts.metrics.fetchErrors.inc({ subgraph: failure.service, code });
      parts.logger.warn({ subgraph: failure.service, code, err: failure.originalError }, failure.message);
    },
  });
}

/** Everything that a client may speak to the router in, all of it running the same pipeline. */
function registerTransports(
  http: HttpServerPart,
  parts: RouterFoundation,
  own: Pick<PipelineParts, 'engine' | 'tokens' | 'callers' | 'headers' | 'subscriptions'>,
): void {
  const { config, metrics } = parts;
  const { subscriptions, developmentPages, cors } = config.router;
  const run = pipelineOf(pipeline({ ...parts, ...own }));
  const eventStreams = new EventStreams();
  registerGraphQL(http.app, {
    pipeline: run,
    eventStreams,
    heartbeat: subscriptions.heartbeat,
    explorer: developmentPages ? explorerPage(config.app.name) : undefined,
  });
  const sockets = registerGraphQLWebSocket(http.app, {
    pipeline: run,
    authenticate: async (authorization) => void (await callerOf(authorization, own.tokens, own.callers)),
    heartbeat: subscriptions.heartbeat,
    maxMessageBytes: config.server.bodyLimit,
    onError: (error) => parts.errors.publish(error),
    origins: cors.origins,
  });
  http.app.addHook('preClose', async () => {
    await own.subscriptions.stop();
    await eventStreams.end();
    await sockets.close();
  });
  metrics.watchSubscriptions(() => own.subscriptions.counts);
}

const httpServer = (parts: RouterFoundation): HttpServerPart =>
  createHttpServer({
    ...parts,
    config: parts.config.server,
    name: 'router',
    onError: (error) => parts.errors.publish(error),
  });

/** What every subgraph may know of the request: which one it is and where it comes from. */
const requestHeaders = ({ requestId, clientIp, userAgent }: OperationContext): Record<string, string> => ({
  'x-request-id': requestId,
  ...(clientIp && { 'x-client-ip': clientIp }),
  ...(userAgent && { 'user-agent': userAgent }),
});
