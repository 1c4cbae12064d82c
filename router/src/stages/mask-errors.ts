import { CodedError, type ErrorBus } from '@platform/kernel/errors';
import { EngineError } from '../engine/index.js';
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
      errors.publish(error);
      return internalError(context.requestId);
    }
  };
