import type { SubgraphResponse } from '../base/endpoint.js';
import { SubgraphFailure, SubgraphTimeout, SubgraphUnavailable, UnsupportedPlan } from '../base/errors.js';
import type { Variables } from '../operation/variables.js';
import type { CompiledFetch } from '../plan/fetch-nodes.js';
import type { Supergraph } from '../schema/supergraph.js';
import type { FetchRequest, FetchResources } from './fetch-request.js';

/**
 * Opens the stream that a subscription's events come from. It fails with a SubgraphFailure, here or while it is read.
 * @throws UnsupportedPlan when the subgraph cannot stream.
 */
export async function eventSource(
  { endpoint, timeoutMs: timeoutOf, onSubgraphFailure }: FetchResources,
  { subgraph, query, operationName, variables: names }: CompiledFetch,
  { variables, headers, signal }: FetchRequest,
): Promise<AsyncIterableIterator<SubgraphResponse>> {
  const timeoutMs = timeoutOf(subgraph);
  const failureOf = (error: unknown): SubgraphFailure => {
    if (error instanceof SubgraphFailure) return error;
    const tooLate = error instanceof Error && error.name === 'TimeoutError';
    return tooLate ? new SubgraphTimeout(subgraph, timeoutMs) : new SubgraphUnavailable(subgraph, error);
  };
  const failed = (error: unknown): SubgraphFailure => {
    const failure = failureOf(error);
    onSubgraphFailure?.(failure);
    return failure;
  };
  const target = endpoint(subgraph);
  if (!target.subscribe) throw new UnsupportedPlan(`A subscription to the subgraph "${subgraph}"`);
  const request = { query, operationName, variables: variablesOf(names, variables), timeoutMs };
  try {
    const events = await target.subscribe(request, async () => headers(subgraph), signal);
    const stream: AsyncIterableIterator<SubgraphResponse> = {
      next: () =>
        events.next().catch((error: unknown) => {
          throw failed(error);
        }),
      return: async () => (await events.return?.()) ?? { value: undefined, done: true },
      [Symbol.asyncIterator]: () => stream,
    };
    return stream;
  } catch (error) {
    throw failed(error);
  }
}

/** What a stream is asked for, as text: equal for subscriptions that one stream can serve. */
export function eventSourceKey(
  { subgraphs }: Supergraph,
  { subgraph, query, operationName, variables: names }: CompiledFetch,
  variables: Variables,
): string {
  const url = subgraphs.get(subgraph)?.url;
  return JSON.stringify([subgraph, url, query, operationName, variablesOf(names, variables)]);
}

/** Those of the operation's variables that the names stand for. */
function variablesOf(names: readonly string[], given: Variables): Record<string, unknown> {
  const entries = names.map((name) => [name, given[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
