import { CodedError, type ErrorBus } from '@platform/kernel/errors';
import { EngineError } from '../engine/index.js';
import { OperationTooDeep } from '../errors.js';
import type { Stage } from '../operation.js';
import { internalError, refusal } from '../refusal.js';

/** Turns whatever the stages after it throw into an answer: coded failures as they are, anything else masked and reported once. */
export const maskErrors =
  (errors: ErrorBus): Stage =>
  async (context, next) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof CodedError || error instanceof EngineError) return refusal(error);
      if (isStackOverflow(error)) return refusal(new OperationTooDeep());
      errors.publish(error);
      return internalError(context.requestId);
    }
  };

/** Parser, planner and projection recurse over what the client wrote, and over nothing else that has no bound. */
const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.startsWith('Maximum call stack size exceeded');
