export { SubscriptionMetrics } from './subscription-metrics.js';
export { type CallerChanges, Subscriptions } from './subscriptions.js';
