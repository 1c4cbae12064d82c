export { type RetentionRule, RetentionSweep, SWEPT_AT_ONCE } from './retention-sweep.js';
