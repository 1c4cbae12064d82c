export { shareMetrics } from './metrics-exchange.js';
export { isWorker, WorkerPool } from './worker-pool.js';
