export { budgetOf, type CostConfig } from './budgets.js';
export { DemandControl } from './demand-control.js';
export { type Estimate, OperationCosts } from './operation-costs.js';
