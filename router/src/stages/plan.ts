import type { OverrideShares } from '@platform/federation-engine';
import { PlanTooLarge } from '../errors.js';
import { required, type Stage } from '../operation.js';
import { overridesOf } from './execute-plan.js';

/** Plans the operation within its time, and refuses plans with more fetches than one operation may make. */
export const plan =
  (shares: OverrideShares, maxFetches: number | null): Stage =>
  async (context, next) => {
    const fetches = await required(context, 'engine').plan({
      authorized: required(context, 'authorized'),
      variables: required(context, 'variables'),
      overrides: overridesOf(context, shares),
      inParts: context.incremental,
    });
    if (maxFetches !== null && fetches > maxFetches) throw new PlanTooLarge(fetches, maxFetches);
    return next();
  };
