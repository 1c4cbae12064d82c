export * from './cloud-event.js';
export * from './event-bus.js';
export * from './event-consumer.js';
export * from './event-handler.js';
export * from './in-process-bus.js';
export * from './live-events.js';
export * from './outbox.js';
export * from './outbox-relay.js';
