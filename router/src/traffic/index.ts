export { CircuitBreaker } from './circuit-breaker.js';
export { ConcurrencyBound } from './concurrency-bound.js';
export { trafficOption } from './options.js';
export { Traffic } from './traffic.js';
export { TrafficMetrics } from './traffic-metrics.js';
