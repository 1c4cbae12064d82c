export { CircuitBreaker } from './circuit-breaker.js';
export { trafficOption } from './options.js';
export { TIMEOUT_HEADER } from './subgraph-traffic.js';
export { Traffic } from './traffic.js';
