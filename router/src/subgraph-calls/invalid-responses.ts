import { SubgraphInvalidResponse } from '@platform/federation-engine';
import { InvalidSubgraphResponse } from '@platform/subgraph-client/endpoints';
import type { CallDecorator } from '../traffic/index.js';

/** An answer that is none is told apart from a subgraph that cannot be reached. */
export const invalidResponses =
  (subgraph: string): CallDecorator =>
  (next) =>
  async (call) => {
    try {
      return await next(call);
    } catch (error) {
      if (error instanceof InvalidSubgraphResponse) throw new SubgraphInvalidResponse(subgraph, error.message);
      throw error;
    }
  };
