import { principalOf } from '@platform/auth';
import { type OverrideRollout, type Overrides, overridesFor } from '@platform/federation-engine';
import { PlanTooLarge } from '../errors.js';
import type { OperationContext } from '../operation.js';
import type { BeforeStage } from '../stage.js';

/** Prepares the operation to be run, planned within its time, and refuses plans with more fetches than one operation may make. */
export const plan =
  (
    shares: OverrideRollout,
    maxFetches: number | null,
  ): BeforeStage<'engine' | 'caller' | 'operation' | 'variables' | 'effectiveRights', 'prepared'> =>
  async (context) => {
    const { engine, operation, variables, effectiveRights, incremental } = context;
    const overrides = overridesOf(context, shares);
    const prepared = await engine.prepare(operation, effectiveRights, variables, { overrides, incremental });
    const { fetches } = prepared;
    if (maxFetches !== null && fetches > maxFetches) throw new PlanTooLarge(fetches, maxFetches);
    return { prepared };
  };

/** Drawn for whoever stays the same from request to request; for anonymous callers anew each time. */
export const overridesOf = (
  { caller, requestId }: Pick<OperationContext<'caller'>, 'caller' | 'requestId'>,
  shares: OverrideRollout,
): Overrides => overridesFor(shares, principalOf(caller) ?? caller.sessionId ?? requestId);
