import { Engine, type ResponseCache, type Supergraph } from '@platform/federation-engine';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { cachingOf, formatsByPlace } from './caching/index.js';
import type { RouterDependencies } from './router-options.js';
import { TrafficMetrics } from './traffic/index.js';

interface EngineDependencies {
  readonly supergraph: Supergraph;
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
  readonly timeoutMs: (subgraph: string) => number;
  readonly responseCache: ResponseCache | undefined;
}

/** The engine of one supergraph, as this router's configuration wants it. */
export function createEngine(
  { config: { router }, metrics, logger }: Pick<RouterDependencies, 'config' | 'metrics' | 'logger'>,
  { supergraph, endpoint, timeoutMs, responseCache: answers }: EngineDependencies,
): Engine {
  return new Engine({
    supergraph,
    endpoints: endpoint,
    timeoutMs,
    documentCache: router.documentCache,
    planCache: router.planCache,
    maxTokens: router.maxTokens,
    maxVariableDepth: router.maxVariableDepth,
    introspection: router.introspection,
    suggestions: router.suggestions,
    responses: { perResponse: router.responses.perSubgraph, perOperation: router.responses.perOperation },
    planning: {
      ...router.planning,
      timeoutMs: router.planning.timeout,
      anonymousTimeoutMs: router.planning.anonymousTimeout,
    },
    deduplication: router.deduplication,
    caching: answers && {
      answers,
      subgraph: (name) => cachingOf(router.cache, name),
      tags: formatsByPlace(router.cache),
    },
    filterIntrospection: router.authorization.filterIntrospection,
    onSubgraphFailure: (failure) => {
      const code = String(failure.extensions.code);
      metrics.of(TrafficMetrics).requestErrors.inc({ subgraph: failure.service, code });
      logger.warn({ subgraph: failure.service, code, err: failure.cause }, failure.message);
    },
  });
}
