export { DeadLetterStore } from './dead-letter-store.js';
export { eraseEventCopies } from './erase-event-copies.js';
export { type EventHandler, onEvent, onEveryEvent, onEveryEventTogether } from './event-handler.js';
export { eventRetention } from './event-retention.js';
export { InboxConsumer } from './inbox-consumer.js';
export { Outbox } from './outbox.js';
export { OutboxMetrics } from './outbox-metrics.js';
export { OutboxRelay } from './outbox-relay.js';
