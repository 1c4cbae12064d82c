import { SubgraphInvalidResponse } from '@platform/federation-engine';
import { ATTR_GRAPHQL_OPERATION_NAME, inSpan, spansEnabled, traceHeaders } from '@platform/foundation/tracing';
import { InvalidSubgraphResponse, type SubgraphEndpoint } from '@platform/subgraph-client/endpoints';

/** Subgraphs as the engine calls them: an answer that is none is told apart from a subgraph that cannot be reached, and a trace goes on in the subgraph. */
export const subgraphEndpoints =
  (endpoint: (subgraph: string) => SubgraphEndpoint) =>
  (subgraph: string): SubgraphEndpoint => {
    const target = spansEnabled() ? tracedCalls(subgraph, endpoint(subgraph)) : endpoint(subgraph);
    return {
      subscribe: target.subscribe?.bind(target),
      execute: async (request, headers, signal) => {
        try {
          return await target.execute(request, headers, signal);
        } catch (error) {
          if (error instanceof InvalidSubgraphResponse) throw new SubgraphInvalidResponse(subgraph, error.message);
          throw error;
        }
      },
    };
  };

/** A span for each call; the subgraph hears which, and makes its own below it. */
const tracedCalls = (subgraph: string, target: SubgraphEndpoint): SubgraphEndpoint => ({
  subscribe: target.subscribe && withTrace(target.subscribe.bind(target)),
  execute: (request, headers, signal) => {
    const attributes = { 'subgraph.name': subgraph, [ATTR_GRAPHQL_OPERATION_NAME]: request.operationName };
    return inSpan(`fetch ${subgraph}`, { kind: 'client', attributes }, () =>
      target.execute(request, { ...headers, ...traceHeaders() }, signal),
    );
  },
});

const withTrace =
  (subscribe: NonNullable<SubgraphEndpoint['subscribe']>): NonNullable<SubgraphEndpoint['subscribe']> =>
  (request, headers, signal) => {
    const trace = traceHeaders();
    return subscribe(request, async () => ({ ...(await headers()), ...trace }), signal);
  };
