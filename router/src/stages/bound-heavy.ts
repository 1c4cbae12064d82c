import { Overloaded } from '@platform/foundation/admission';
import type { AroundStage } from '../stage.js';
import type { ConcurrencyLimiter } from '../traffic/index.js';

/** How long an operation may wait for its turn, in ms. */
const PATIENCE = 5_000;

/**
 * Lets few operations run at a time that are estimated to cost much, and a few wait in fair shares: what their answers take while they are made is
 * bounded in all, and whoever asks for little is not kept waiting by them. They run beside what `admit` counts.
 */
export const boundHeavy =
  (bound: ConcurrencyLimiter, above: number): AroundStage<'estimatedCost' | 'place'> =>
  async ({ estimatedCost = 0, place, signal }, next) => {
    if (estimatedCost <= above) return next();
    place.current.leave();
    const patience = AbortSignal.timeout(PATIENCE);
    try {
      await bound.enter(AbortSignal.any([signal, patience]), () => new Overloaded());
    } catch (error) {
      throw error === patience.reason ? new Overloaded() : error;
    }
    try {
      return await next();
    } finally {
      bound.leave();
    }
  };
