import { createHttpServer } from '@platform/foundation/http';
import { Lifecycle } from '@platform/foundation/lifecycle';
import { usageReporting } from './apollo/index.js';
import { openResponseCache, registerInvalidation } from './caching/index.js';
import { FailureReport } from './failure-report.js';
import { HeaderNames, HeaderRules } from './headers/index.js';
import { openSupergraphs } from './open-supergraphs.js';
import { createPersistedQueries } from './persisted-queries/index.js';
import { pipeline } from './pipeline.js';
import { pipelineDependencies } from './pipeline-dependencies.js';
import { openRateLimits } from './rate-limits/index.js';
import type { Router, RouterOptions, SubgraphOptions } from './router-options.js';
import { SubscriptionMetrics, Subscriptions } from './subscriptions/index.js';
import { followed, refresh } from './supergraphs/index.js';
import { registerCors } from './transports/http/cors.js';
import { registerEdge } from './transports/http/edge.js';
import { registerTransports } from './transports/register-transports.js';

/** A router, whole: what it runs operations through, what it serves, and what clients may speak to it in. @throws CompositionFailed, InvalidConfig */
export function createRouter(given: RouterOptions): Router {
  const options = {
    ...given,
    subgraphs: withHeaderRules(
      given.subgraphs,
      new HeaderRules(given.config.router.headers, given.auth.organizations?.header),
    ),
  };
  const { config, logger, metrics, health, errors, source } = options;
  const { reload, headers, edge, compression, cache } = config.router;

  const failures = new FailureReport(errors, metrics, logger);
  const responseCache = openResponseCache(options);
  const rateLimits = openRateLimits({ ...options, rules: config.router.rateLimit });
  const persisted = createPersistedQueries({ ...options, config: config.router, cache: options.cache });
  const { supergraphs, manifests } = openSupergraphs(options, responseCache, persisted);
  health.add(supergraphs.healthCheck()).add(manifests.healthCheck());
  const usage = usageReporting(config.apollo, logger);

  const onError = (error: unknown) => errors.publish(error);
  const { continueTraces } = edge;
  const http = createHttpServer({ ...options, config: config.server, name: 'router', continueTraces, onError });
  let { cors } = config.router;
  const origins = () => cors.origins;
  registerEdge(http.app, { ...edge, compression, headers: headers.response, origins });
  registerCors(http.app, () => cors, Object.keys(headers.fromSubgraphs));

  const parts = { failures, responseCache, rateLimits, persisted, supergraphs, usage, admission: http.admission };
  const dependencies = pipelineDependencies(options, parts);
  const subscriptions = new Subscriptions({
    ...dependencies,
    changes: options.auth.changes,
    forwarded: new HeaderNames(options.subgraphs.forwardHeaders ?? []),
    config: config.router.subscriptions,
    engine: () => supergraphs.engine,
    hold: (engine) => supergraphs.hold(engine),
  });
  supergraphs.onSwap(() => subscriptions.follow());
  metrics.of(SubscriptionMetrics).watch(() => subscriptions.counts);
  registerTransports(http, {
    ...options,
    pipeline: pipeline({ ...dependencies, subscriptions }),
    subscriptions,
    rateLimits,
    failures,
    origins,
    onError,
  });
  if (responseCache && cache.invalidationKey !== null) {
    registerInvalidation(http.app, responseCache, cache.invalidationKey);
  }

  const watch = reload.watch ? [...(source ? followed(supergraphs, source, logger) : []), ...manifests.watch()] : [];
  const part = new Lifecycle(logger, { name: 'router', shutdownTimeout: config.server.shutdownTimeout });
  part.add(...(usage ? [usage] : []), supergraphs, manifests, ...watch, http, ...(options.audit?.components ?? []));
  return {
    part,
    http,
    supergraphs,
    responseCache,
    failures,
    async reload(settings) {
      cors = settings.cors ?? cors;
      rateLimits.rules = settings.rateLimit ?? rateLimits.rules;
      await manifests.reload();
      if (source) await refresh(supergraphs, source);
    },
  };
}

/** What the configuration says of headers, on top of what the preset makes. */
const withHeaderRules = (subgraphs: SubgraphOptions, rules: HeaderRules): SubgraphOptions => ({
  ...subgraphs,
  headers: async (on, subgraph) => rules.apply(on, subgraph, await subgraphs.headers(on, subgraph)),
  forwardHeaders: [...(subgraphs.forwardHeaders ?? []), ...rules.forwarded],
});
