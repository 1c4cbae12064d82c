import { budgetOf, type DemandControl } from '../cost/index.js';
import { required, type Stage } from '../operation.js';

/** Refuses what would cost more than its caller may spend, before anything is fetched; afterwards tells what it has cost. */
export const cost =
  (demand: DemandControl): Stage =>
  async (context, next) => {
    if (demand.config.mode === 'off') return next();
    const operation = required(context, 'operation');
    const variables = required(context, 'variables');
    const budget = budgetOf(demand.config, required(context, 'caller'), context.scopes);
    const estimate = demand.estimate(operation, variables, budget);
    if (!estimate) return next();
    context.cost = { estimated: estimate.total };

    const answer = await next();
    const actual = demand.actual(operation, variables, answer);
    if (actual === undefined || 'stream' in answer) return answer;
    context.cost.actual = actual;
    return demand.answer(answer, operation, estimate, actual);
  };
