import { OperationAborted } from '@platform/federation-engine';
import { attended } from '../attended-stream.js';
import { toErrorResponse } from '../error-response.js';
import { OperationTooDeep } from '../errors.js';
import type { FailureReport } from '../failure-report.js';
import type { SingleAnswer } from '../operation.js';
import type { AroundStage } from '../stage.js';

/** Turns whatever the stages after it throw into an answer: coded failures as they are, anything else masked. What failed on our side is reported once. */
export const maskErrors =
  (failures: FailureReport): AroundStage =>
  async (context, next) => {
    const masked = (error: unknown): SingleAnswer => {
      if (isStackOverflow(error)) return toErrorResponse(new OperationTooDeep());
      if (!(error instanceof OperationAborted)) failures.add(error);
      return toErrorResponse(error, context.requestId);
    };
    try {
      const answer = await next();
      if (!('stream' in answer) || !answer.incremental) return answer;
      const failed = (error: unknown) =>
        error instanceof OperationAborted ? undefined : { ...masked(error).result, hasNext: false };
      return { ...answer, stream: attended(answer.stream, { failed }) };
    } catch (error) {
      return masked(error);
    }
  };

/** Parser, planner and projection recurse over what the client wrote, and over nothing else that has no bound. */
const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.startsWith('Maximum call stack size exceeded');
