import { isDataObject } from '../base/data.js';
import type { SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from '../base/endpoint.js';
import {
  OperationAborted,
  SubgraphFailure,
  SubgraphInvalidResponse,
  SubgraphTimeout,
  SubgraphUnavailable,
} from '../base/errors.js';

/** One request to one subgraph, within its time. */
export interface SubgraphCall {
  readonly subgraph: string;
  readonly endpoint: SubgraphEndpoint;
  readonly request: SubgraphRequest;
  readonly headers: Record<string, string>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Answers with a response of the right outer shape. Throws SubgraphTimeout, SubgraphUnavailable or
 * SubgraphInvalidResponse; OperationAborted when the caller's signal fires. Ends in time even if the endpoint does not.
 */
export function callSubgraph(call: SubgraphCall): Promise<SubgraphResponse> {
  const { subgraph, endpoint, request, headers, timeoutMs, signal } = call;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new OperationAborted(signal.reason));

    const controller = new AbortController();
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      act();
    };
    const giveUp = (failure: Error) =>
      settle(() => {
        reject(failure);
        controller.abort(failure);
      });
    const abort = () => giveUp(new OperationAborted(signal?.reason));
    const timer = setTimeout(() => giveUp(new SubgraphTimeout(subgraph, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', abort);

    const answered = (response: unknown) =>
      settle(() => {
        const fault = validateResponseShape(response);
        if (fault) reject(new SubgraphInvalidResponse(subgraph, fault));
        else resolve(response as SubgraphResponse);
      });
    const failed = (error: unknown) =>
      settle(() => reject(error instanceof SubgraphFailure ? error : new SubgraphUnavailable(subgraph, error)));
    started(() => endpoint.execute(request, headers, controller.signal)).then(answered, failed);
  });
}

/** An endpoint that throws instead of rejecting counts as one that rejects. */
async function started<T>(start: () => Promise<T>): Promise<T> {
  return start();
}

/** What is wrong with the outer shape of an answer; undefined when nothing is. */
export function validateResponseShape(response: unknown): string | undefined {
  if (!isDataObject(response)) return 'no object';
  const { data, errors } = response;
  if (data === undefined && errors === undefined) return 'neither data nor errors';
  if (data !== undefined && data !== null && !isDataObject(data)) return 'data that is no object';
  if (errors === undefined || errors === null) return data ? undefined : 'no data, and no errors';
  if (!Array.isArray(errors) || !errors.every(isDataObject)) return 'errors that are no list of objects';
  if (errors.length === 0 && !data) return 'no data, and no errors';
  return undefined;
}
