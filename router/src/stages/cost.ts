import { budgetOf, type DemandControl } from '../cost/index.js';
import type { AroundStage } from '../stage.js';

/** Refuses what would cost more than its caller may spend, before anything is fetched; afterwards tells what it has cost. */
export const cost =
  (demand: DemandControl): AroundStage<'operation' | 'variables' | 'caller' | 'scopes', 'estimatedCost'> =>
  async ({ operation, variables, caller, scopes }, next) => {
    const estimate =
      demand.config.mode === 'off'
        ? undefined
        : demand.estimate(operation, variables, budgetOf(demand.config, caller, scopes));
    const answer = await next({ estimatedCost: estimate?.total });
    if (!estimate) return answer;
    const actual = demand.actual(operation, variables, answer);
    if (actual === undefined || 'stream' in answer) return answer;
    return demand.answer(answer, operation, estimate, actual);
  };
