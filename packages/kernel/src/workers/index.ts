export { shareMetrics } from './metrics-exchange.js';
export { isWorker, WorkerFailed, WorkerPool } from './worker-pool.js';
