import { SubgraphTimeout } from '@platform/federation-engine';
import { InvalidSubgraphResponse } from '@platform/subgraph-client/endpoints';

/** What a failed attempt says of the subgraph. */
export type Failure =
  /** It is in trouble: not reached, an error of the server, no answer in time. */
  | 'faulty'
  /** It answers, and what it says would not change if it were asked again. */
  | 'answered'
  /** Nothing: whoever asked does not want the answer any more. */
  | 'unwanted';

export function failureOf(error: unknown, signal: AbortSignal | undefined): Failure {
  if (signal?.aborted) return signal.reason instanceof SubgraphTimeout ? 'faulty' : 'unwanted';
  if (error instanceof InvalidSubgraphResponse && error.status < 500) return 'answered';
  return 'faulty';
}
