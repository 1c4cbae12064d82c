export { Health, type HealthCheck } from './health.js';
