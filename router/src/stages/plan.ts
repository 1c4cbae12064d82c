import type { OverrideRollout } from '@platform/federation-engine';
import { PlanTooLarge } from '../errors.js';
import { required, type Stage } from '../operation.js';
import { overridesOf } from './execute-plan.js';

/** Prepares the operation to be run, planned within its time, and refuses plans with more fetches than one operation may make. */
export const plan =
  (shares: OverrideRollout, maxFetches: number | null): Stage =>
  async (context, next) => {
    const engine = required(context, 'engine');
    const rights = required(context, 'effectiveRights');
    context.prepared = await engine.prepare(required(context, 'operation'), rights, required(context, 'variables'), {
      overrides: overridesOf(context, shares),
      incremental: context.incremental,
    });
    const { fetches } = context.prepared;
    if (maxFetches !== null && fetches > maxFetches) throw new PlanTooLarge(fetches, maxFetches);
    return next();
  };
