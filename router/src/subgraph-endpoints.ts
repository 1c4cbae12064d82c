import { InvalidSubgraphResponse, type SubgraphEndpoint } from '@platform/kernel/endpoints';
import { SubgraphInvalidResponse } from './engine/index.js';

/** Subgraphs as the engine calls them: an answer that is none is told apart from a subgraph that cannot be reached. */
export const subgraphEndpoints =
  (endpoint: (subgraph: string) => SubgraphEndpoint) =>
  (subgraph: string): SubgraphEndpoint => ({
    subscribe: endpoint(subgraph).subscribe?.bind(endpoint(subgraph)),
    execute: async (request, headers, signal) => {
      try {
        return await endpoint(subgraph).execute(request, headers, signal);
      } catch (error) {
        if (error instanceof InvalidSubgraphResponse) throw new SubgraphInvalidResponse(subgraph, error.message);
        throw error;
      }
    },
  });
