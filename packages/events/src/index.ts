export {
  aggregateOf,
  type CloudEvent,
  defineEvent,
  type EventDefinition,
  identityOf,
  NOTHING_PERSONAL,
  type Outcome,
  type PersonalMembers,
} from './cloud-event.js';
export { MAX_USER_AGENT, readEnvelope } from './envelope.js';
export {
  type DeadLetter,
  type EventBroadcast,
  type EventBus,
  type EventConsumer,
  type EventPublisher,
  type EventTypes,
  includesType,
} from './event-bus.js';
export { EventListeners } from './event-listeners.js';
export { EventMetrics } from './event-metrics.js';
export { EventStreams } from './event-streams.js';
export { isOfOneEvent, isTooLarge, ofOneEvent } from './failure-of-one-event.js';
export { handleByAll } from './handle-by-all.js';
export { InProcessBus } from './in-process-bus.js';
export { type PersonalData, peopleOf, withoutPerson, withoutTexts } from './personal-data.js';
export { EventProvenance, type Publisher, UntrustedEvent } from './provenance.js';
export { inPublishSpans } from './publish-spans.js';
export { eventRetryPolicy } from './retry-policy.js';
