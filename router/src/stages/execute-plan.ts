import type { Engine } from '../engine/index.js';
import { type OperationContext, type Result, required, type Stage } from '../operation.js';

/** The headers that a subgraph gets. Nothing of the client's passes but what is put in here. */
export type SubgraphHeaders = (context: OperationContext, subgraph: string) => Promise<Record<string, string>>;

/** Runs the plan. The last stage: it answers. */
export const executePlan =
  (engine: Engine, headers: SubgraphHeaders): Stage =>
  async (context) => {
    const result = await engine.execute({
      authorized: required(context, 'authorized'),
      variables: required(context, 'variables'),
      headers: (subgraph) => headers(context, subgraph),
      signal: context.signal,
    });
    return { result, ...throttled(result) };
  };

/** An operation that came to nothing because of a rate limit is 429, with the time to wait, so that clients and proxies hold back. */
function throttled(result: Result): { status?: number; headers?: Record<string, string> } {
  const refused = result.errors?.find(({ extensions }) => extensions?.code === 'RATE_LIMITED');
  if (!refused || result.data) return {};
  return { status: 429, headers: { 'retry-after': String(refused.extensions?.retryAfter ?? 1) } };
}
