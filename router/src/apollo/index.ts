export { type ApolloConfig, apolloSection } from './config.js';
export { fetchTraces, withFetchTraces } from './fetch-traces.js';
export type { OperationRecord, Unsigned } from './operation-record.js';
export { type UsageReporting, usageReporting } from './usage-reporting.js';
