export { type RetryPolicy, retry, retryDelay } from './retry.js';
