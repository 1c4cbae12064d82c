import { Overloaded } from '@platform/foundation/admission';
import type { Stage } from '../operation.js';
import type { ConcurrencyLimiter } from '../traffic/index.js';

/** How long an operation may wait for its turn, in ms. */
const PATIENCE = 5_000;

/**
 * Lets few operations run at a time that are estimated to cost much, and a few wait in fair shares: what their answers take while they are made is
 * bounded in all, and whoever asks for little is not kept waiting by them. They run beside what `admit` counts.
 */
export const boundHeavy =
  (bound: ConcurrencyLimiter, above: number): Stage =>
  async (context, next) => {
    if ((context.cost?.estimated ?? 0) <= above) return next();
    context.place?.current.leave();
    const patience = AbortSignal.timeout(PATIENCE);
    try {
      await bound.enter(AbortSignal.any([context.signal, patience]), () => new Overloaded());
    } catch (error) {
      throw error === patience.reason ? new Overloaded() : error;
    }
    try {
      return await next();
    } finally {
      bound.leave();
    }
  };
