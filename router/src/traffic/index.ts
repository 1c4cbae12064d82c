export { CircuitBreaker } from './circuit-breaker.js';
export { ConcurrencyLimiter } from './concurrency-limiter.js';
export { trafficOption } from './options.js';
export { TrafficMetrics } from './traffic-metrics.js';
export { TrafficShaping } from './traffic-shaping.js';
