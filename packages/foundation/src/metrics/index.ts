export type { Counter, Gauge, Histogram } from 'prom-client';
export { boundedLabel } from './bounded-label.js';
export { Metrics } from './metrics.js';
