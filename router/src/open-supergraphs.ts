import type { ResponseCache } from '@platform/federation-engine';
import { createEngine } from './create-engine.js';
import { ManifestFiles, type PersistedQueries } from './persisted-queries/index.js';
import type { RouterOptions } from './router-options.js';
import { SubgraphCalls } from './subgraph-calls/index.js';
import { Supergraphs } from './supergraphs/index.js';

/** The supergraphs that are served, one after another, and the listed operations that each plans before it serves. @throws CompositionFailed, InvalidConfig */
export function openSupergraphs(
  options: RouterOptions,
  responseCache: ResponseCache | undefined,
  persisted: PersistedQueries,
): { supergraphs: Supergraphs; manifests: ManifestFiles } {
  const { config, logger, sdl, subgraphs } = options;
  const { persistedQueries, reload, subgraphTimeout } = config.router;
  const { timeoutMs = () => subgraphTimeout } = subgraphs;
  const calls = new SubgraphCalls({ ...options, timeoutMs });
  const manifests = new ManifestFiles(persisted, {
    files: persistedQueries.mode === 'off' ? [] : persistedQueries.manifests,
    warm: persistedQueries.warm,
    logger,
    engine: () => supergraphs.engine,
  });
  const supergraphs: Supergraphs = new Supergraphs(sdl, {
    open: (supergraph) => {
      const { endpoint, close } = subgraphs.connect(supergraph);
      const engine = createEngine(options, { supergraph, endpoint: calls.around(endpoint), timeoutMs, responseCache });
      return { engine, close };
    },
    logger,
    warm: reload.warmOperations,
    prepare: (engine) => manifests.warm(engine),
  });
  return { supergraphs, manifests };
}
