import { nothingDeferred } from '../operation/deferral.js';
import type { PreparedOperation } from '../prepared/prepared-operation.js';
import { Delivery } from './delivery.js';
import { DeliveryErrors } from './delivery-errors.js';
import { executeOperation, isFullyDenied, neededBy } from './execute-operation.js';
import { Execution } from './execution.js';
import type { ExecutionRequest, ExecutionResources } from './execution-request.js';
import type { ExecutionResult, IncrementalResult } from './response-builder.js';

/** Whoever ends it early ends what is still fetched for it. It rejects only with OperationAborted. */
export type IncrementalStream = AsyncIterableIterator<IncrementalResult, undefined>;

/**
 * Answers first what is not deferred, then each deferred part once it is there. One answer, when nothing leads to a
 * deferred fragment.
 */
export async function executeIncrementally(
  resources: ExecutionResources,
  prepared: PreparedOperation,
  request: ExecutionRequest,
): Promise<ExecutionResult | IncrementalStream> {
  const { authorized, variables, unauthorized } = prepared;
  if (isFullyDenied(authorized, unauthorized)) return executeOperation(resources, prepared, request);

  const { signal } = request;
  const over = new AbortController();
  const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const { plan, shape } = prepared.planned;
  const execution = plan && new Execution(resources, { ...request, signal: either }, plan, shape);
  await execution?.run();

  const data = execution?.data.root ?? {};
  const whole = () => authorized.shape(variables, nothingDeferred);
  const needs = neededBy(authorized);
  const errors = execution && !execution.report.isEmpty ? execution.report.forClient(whole(), needs) : [];
  const told = new DeliveryErrors(errors, execution?.parts, data, whole, needs);
  const delivery = new Delivery(resources, prepared, execution, data, told);
  const first = delivery.begin();
  if ('hasNext' in first) return endingEarly(partsOf(first, delivery, execution), over);
  over.abort();
  return first;
}

async function* partsOf(
  first: IncrementalResult,
  delivery: Delivery,
  execution: Execution | undefined,
): AsyncGenerator<IncrementalResult, undefined> {
  yield first;
  const isReady = ({ id }: { readonly id: string }) => execution?.parts.isReady(id) ?? true;
  while (delivery.waiting.length > 0) {
    const ready = (await execution?.parts.ready(delivery.waiting)) ?? delivery.waiting;
    yield delivery.deliver(ready, isReady);
  }
}

/** The stream, which aborts as soon as nobody wants the rest of it. */
function endingEarly(parts: AsyncGenerator<IncrementalResult, undefined>, over: AbortController): IncrementalStream {
  const end = async () => {
    over.abort();
    return parts.return(undefined);
  };
  const stream: IncrementalStream = {
    next: async () => {
      const next = await parts.next();
      if (next.done) over.abort();
      return next;
    },
    return: end,
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
