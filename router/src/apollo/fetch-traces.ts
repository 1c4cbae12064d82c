import { AsyncLocalStorage } from 'node:async_hooks';
import type { SubgraphResponse } from '@platform/subgraph-client/endpoints';
import type { CallDecorator } from '../traffic/index.js';

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

/** Asks the subgraph for a trace (federated tracing, ftv1) where the operation that calls it wants them. */
export const fetchTraces =
  (service: string): CallDecorator =>
  (next) =>
  async (call) => {
    const fetches = collecting.getStore();
    if (!fetches) return next(call);
    const sent = new Date();
    const headers = { ...call.headers, 'apollo-federation-include-trace': 'ftv1' };
    const response = await next({ ...call, headers });
    fetches.push({ service, sent, received: new Date(), ftv1: ftv1Of(response) });
    return response;
  };

const ftv1Of = ({ extensions }: SubgraphResponse): string | undefined =>
  typeof extensions?.['ftv1'] === 'string' ? extensions['ftv1'] : undefined;
