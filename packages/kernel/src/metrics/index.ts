export { boundedLabel } from './bounded-label.js';
export { Metrics, type PoolState } from './metrics.js';
export type { InstanceCounts, TrafficMetrics, TrafficState } from './traffic-metrics.js';
