import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { CloudEvent } from './cloud-event.js';
import type { EventProvenance } from './provenance.js';

/** An event that a handler could not take, however often it was tried. */
export interface DeadLetter {
  readonly event: CloudEvent;
  readonly handler: string;
  readonly reason: string;
}

/** Sends the events of outboxes on their way. */
export interface EventPublisher {
  /** Who may publish what. */
  readonly provenance: EventProvenance;
  /** Resolves when the events, in their order, cannot be lost any more. */
  publish(events: readonly CloudEvent[]): Promise<void>;
}

/** Consumes events of its types: in order per aggregate, at least once. */
export interface EventConsumer {
  /** Processes of one group share its events. */
  readonly group: string;
  readonly types: EventTypes;
  /** Resolves once each event has had its effect or has been given up, as returned; rejects to get all of them again. */
  handleBatch(events: readonly CloudEvent[]): Promise<readonly DeadLetter[]>;
}

/** Shows events to every instance of a process: each at most once, and nothing of what came before. */
export interface EventBroadcast {
  /**
   * Calls the listener with what is published from now on, until the returned function is called. A listener that comes after the
   * consumers have started may miss a moment, where nobody has listened for its types before.
   * @param listener must neither wait nor throw.
   */
  onEvent(types: EventTypes, listener: (event: CloudEvent) => void): () => void;
}

/** How events travel between subgraphs. Started before those who publish. Consumers are added before `consumers` start. */
export interface EventBus extends EventPublisher, EventBroadcast, LifecycleComponent {
  /** Started once consumers can take events, stopped before they cannot any more; what is being handled then is finished. */
  readonly consumers: LifecycleComponent;
  consume(consumer: EventConsumer): void;
}

/** The types of events that somebody wants. */
export type EventTypes = readonly string[] | 'all';

/** True when the type is among those that are wanted. */
export const includesType = (types: EventTypes, type: string): boolean => types === 'all' || types.includes(type);
