import { ATTR_GRAPHQL_OPERATION_NAME, inSpan, spansEnabled, traceHeaders } from '@platform/foundation/tracing';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import type { CallDecorator } from '../traffic/index.js';

/** A span for each call; the subgraph hears which, and makes its own below it. */
export const callSpans =
  (subgraph: string): CallDecorator =>
  (next) => {
    if (!spansEnabled()) return next;
    return (call) => {
      const attributes = { 'subgraph.name': subgraph, [ATTR_GRAPHQL_OPERATION_NAME]: call.request.operationName };
      return inSpan(`fetch ${subgraph}`, { kind: 'client', attributes }, () =>
        next({ ...call, headers: { ...call.headers, ...traceHeaders() } }),
      );
    };
  };

/** The endpoint, whose streams go on in the trace that they were begun in. */
export function withTracedStreams(endpoint: SubgraphEndpoint): SubgraphEndpoint {
  const subscribe = endpoint.subscribe?.bind(endpoint);
  if (!subscribe || !spansEnabled()) return endpoint;
  return {
    execute: endpoint.execute.bind(endpoint),
    subscribe: (request, headers, signal) => {
      const trace = traceHeaders();
      return subscribe(request, async () => ({ ...(await headers()), ...trace }), signal);
    },
  };
}
