export { CircuitBreaker } from './circuit-breaker.js';
export { trafficOption } from './options.js';
export { Traffic } from './traffic.js';
