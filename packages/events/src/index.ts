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
export { type DeadLetter, type EventBus, type EventListener, type EventSubscriber, wants } from './event-bus.js';
export { EventMetrics } from './event-metrics.js';
export { isOfOneEvent, isTooLarge, ofOneEvent } from './failure-of-one-event.js';
export { Gate } from './gate.js';
export { InProcessBus } from './in-process-bus.js';
export { LiveEvents } from './live-events.js';
export { type PersonalData, peopleOf, withoutPerson, withoutTexts } from './personal-data.js';
export { EventProvenance, type Publisher, UntrustedEvent } from './provenance.js';
export { inPublishSpans } from './publish-spans.js';
