import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { Cache } from '@platform/redis/cache';
import type { CommonRouterConfig } from '../config.js';
import { AutomaticQueries } from './automatic-queries.js';
import { PersistedQueries } from './persisted-queries.js';

interface PersistedQueryDependencies {
  readonly config: Pick<CommonRouterConfig, 'persistedQueries' | 'introspection'>;
  readonly cache: Cache | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Persisted queries as the configuration wants them. While a safelist is enforced, no query registers itself. */
export function createPersistedQueries({
  config,
  cache,
  logger,
  metrics,
}: PersistedQueryDependencies): PersistedQueries {
  const { mode, shadow, automatic } = config.persistedQueries;
  const open = shadow || !mode.startsWith('safelist');
  return new PersistedQueries({
    mode,
    shadow,
    introspection: config.introspection,
    automatic: automatic.enabled && open ? new AutomaticQueries({ ...automatic, shared: cache }) : undefined,
    logger,
    metrics,
  });
}
