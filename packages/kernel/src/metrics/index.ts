export { boundedLabel } from './bounded-label.js';
export { Metrics } from './metrics.js';
