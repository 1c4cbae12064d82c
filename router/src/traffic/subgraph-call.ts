import type { SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from '@platform/subgraph-client/endpoints';

/** One request to a subgraph on its way there. */
export interface SubgraphCall {
  readonly request: SubgraphRequest;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal | undefined;
  /** When nobody wants the answer any more, by performance.now(). */
  readonly deadline: number;
  /** Whether asking twice changes nothing. */
  readonly repeatable: boolean;
}

export type Send = (call: SubgraphCall) => Promise<SubgraphResponse>;

/** Something that is done around every call. */
export type CallDecorator = (next: Send) => Send;

/** The endpoint with everything that is done around its calls, outermost first. Streams are not touched. */
export function decorate(
  endpoint: SubgraphEndpoint,
  decorators: readonly CallDecorator[],
  timeoutMs: number,
): SubgraphEndpoint {
  const wire: Send = ({ request, headers, signal }) => endpoint.execute(request, headers, signal);
  const send = decorators.reduceRight((next, decorator) => decorator(next), wire);
  return {
    subscribe: endpoint.subscribe?.bind(endpoint),
    execute: (request, headers, signal) =>
      send({
        request,
        headers,
        signal,
        deadline: performance.now() + timeoutMs,
        repeatable: /^\s*(query\b|\{)/.test(request.query),
      }),
  };
}
