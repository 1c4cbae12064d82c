import { AsyncLocalStorage } from 'node:async_hooks';
import type { SubgraphEndpoint, SubgraphResponse } from '@platform/subgraph-client/endpoints';

/** One call of a subgraph, and what the subgraph says of its own work: a base64 `Trace` of Studio's protocol. */
export interface FetchTrace {
  readonly service: string;
  readonly sent: Date;
  readonly received: Date;
  readonly ftv1: string | undefined;
}

const collecting = new AsyncLocalStorage<FetchTrace[]>();

/** Runs `work`; every subgraph that it calls is asked for a trace. */
export async function withFetchTraces<T>(
  work: () => Promise<T>,
): Promise<{ result: T; fetches: readonly FetchTrace[] }> {
  const fetches: FetchTrace[] = [];
  return { result: await collecting.run(fetches, work), fetches };
}

/** The endpoint, which asks for traces (federated tracing, ftv1) where the operation that calls it wants them. */
export const withFtv1 = (service: string, target: SubgraphEndpoint): SubgraphEndpoint => ({
  subscribe: target.subscribe?.bind(target),
  execute: async (request, headers, signal) => {
    const fetches = collecting.getStore();
    if (!fetches) return target.execute(request, headers, signal);
    const sent = new Date();
    const response = await target.execute(request, { ...headers, 'apollo-federation-include-trace': 'ftv1' }, signal);
    fetches.push({ service, sent, received: new Date(), ftv1: ftv1Of(response) });
    return response;
  },
});

const ftv1Of = ({ extensions }: SubgraphResponse): string | undefined =>
  typeof extensions?.['ftv1'] === 'string' ? extensions['ftv1'] : undefined;
