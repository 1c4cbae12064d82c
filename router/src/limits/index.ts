export { DocumentLimits, exceededBy, type Maxima } from './document-limits.js';
export { LimitExceeded } from './errors.js';
export { type Measures, measure } from './measure.js';
export { OperationLimitMetrics } from './operation-limit-metrics.js';
