export { type CallerChanges, Subscriptions } from './subscriptions.js';
