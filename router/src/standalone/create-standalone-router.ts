import { createRouter } from '../create-router.js';
import { plainExplorerPage, registerAssets } from '../dev-ui/index.js';
import { HeaderNames, requestHeaders } from '../headers/index.js';
import type { Router, RouterDependencies } from '../router-options.js';
import type { StandaloneConfig } from './config.js';
import { Connections } from './connections.js';
import { issuerAuth } from './issuer-auth.js';
import { checkSubgraphs } from './subgraph-mistakes.js';

interface StandaloneRouterDependencies extends RouterDependencies {
  readonly config: StandaloneConfig;
}

/** A router in front of anybody's subgraphs: callers are what their tokens say, subgraphs get the headers that are listed. @throws CompositionFailed, InvalidConfig */
export function createStandaloneRouter(given: StandaloneRouterDependencies): Router {
  const { config } = given;
  const { forwardHeaders, subgraphs, subgraphTimeout, explorer, name } = config.router;
  const connections = new Connections(given);
  const forwarded = new HeaderNames(forwardHeaders);
  const page = plainExplorerPage(name);
  let first = true;
  const router = createRouter({
    ...given,
    auth: issuerAuth(given),
    subgraphs: {
      connect: (supergraph) => {
        checkSubgraphs(config, supergraph, first);
        first = false;
        return connections.open(supergraph);
      },
      timeoutMs: (subgraph) => subgraphs[subgraph]?.timeout ?? subgraphTimeout,
      headers: async (on) => ({ ...requestHeaders(on), ...forwarded.of(on.headers) }),
      forwardHeaders,
    },
    explorer: explorer ? () => page : undefined,
  });
  if (explorer) registerAssets(router.http.app);
  return router;
}
