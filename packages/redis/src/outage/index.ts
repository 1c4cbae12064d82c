export { OutageGuard } from './outage-guard.js';
export { outageLogOf } from './outage-log.js';
