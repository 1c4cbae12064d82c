import { AuthorizationErrorFormatter } from './authorization-error-formatter.js';
import { DemandControl } from './cost/index.js';
import { HeaderNames, ResponseHeaderPropagation } from './headers/index.js';
import { DocumentLimits } from './limits/index.js';
import type { PipelineDependencies } from './pipeline.js';
import type { RouterOptions } from './router-options.js';
import { ConcurrencyLimiter } from './traffic/index.js';

/** What the stages share with the rest of the router. */
interface SharedParts
  extends Pick<
    PipelineDependencies,
    'failures' | 'rateLimits' | 'persisted' | 'supergraphs' | 'usage' | 'admission' | 'responseCache'
  > {}

/** What stages are made of, as the configuration and the preset say. */
export function pipelineDependencies(
  { config, metrics, logger, auth, subgraphs, audit }: RouterOptions,
  shared: SharedParts,
): Omit<PipelineDependencies, 'subscriptions'> {
  const { authorization, override, subgraphErrors, headers, limits, cost, planning, cache, alwaysAdmitted } =
    config.router;
  const { heavy } = cost;
  return {
    ...shared,
    ...auth,
    metrics,
    logger,
    reads: audit?.reads,
    limits: new DocumentLimits({ maxima: limits, warnOnly: limits.warnOnly, metrics, logger }),
    demand: new DemandControl(cost, { metrics, logger }),
    heavy:
      cost.mode === 'enforce'
        ? { bound: new ConcurrencyLimiter(heavy.concurrency, heavy.queue), above: heavy.threshold }
        : undefined,
    mode: authorization.mode,
    refusals: new AuthorizationErrorFormatter(authorization, metrics, logger, audit?.onRefused),
    headers: subgraphs.headers,
    passed: new ResponseHeaderPropagation(headers),
    varying: cache.cacheControlHeader ? varyingHeaders({ auth, subgraphs }) : null,
    alwaysAdmitted,
    subgraphErrors,
    reported: config.apollo.usageReporting,
    overrides: override.labels,
    maxFetches: planning.maxFetches,
  };
}

/** The client's headers that decide about answers, besides those of every request. */
const varyingHeaders = ({ auth, subgraphs }: Pick<RouterOptions, 'auth' | 'subgraphs'>): readonly string[] => {
  const organization = auth.organizations?.header;
  return new HeaderNames([...(subgraphs.forwardHeaders ?? []), ...(organization ? [organization] : [])]).varying;
};
