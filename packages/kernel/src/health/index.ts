export { type CheckResult, Health, type HealthCheck, type HealthReport } from './health.js';
