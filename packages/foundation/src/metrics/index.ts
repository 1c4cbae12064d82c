export { boundedLabel } from './bounded-label.js';
export { Metrics, type PoolState } from './metrics.js';
export { TrafficMetrics } from './traffic-metrics.js';
