import type { Part } from '@platform/foundation/lifecycle';
import type { CloudEvent } from './cloud-event.js';
import type { EventProvenance } from './provenance.js';

/** An event that a handler could not take, however often it was tried. */
export interface DeadLetter {
  readonly event: CloudEvent;
  readonly handler: string;
  readonly reason: string;
}

/** Somebody who wants events: each of its types, in order per aggregate, at least once. */
export interface EventSubscriber {
  /** Processes of one group share its events. */
  readonly group: string;
  readonly types: readonly string[] | 'all';
  /** Resolves once each event has had its effect or, as answered, has been given up; rejects to get all of them again. */
  deliver(events: readonly CloudEvent[]): Promise<readonly DeadLetter[]>;
}

/** Somebody who watches for a while: every instance of a process hears each event, at most once, and nothing of what came before. */
export interface EventListener {
  readonly types: readonly string[] | 'all';
  /** Must neither wait nor throw. */
  hear(event: CloudEvent): void;
}

/** How events travel between subgraphs. Started before those who publish. Subscribers are added before `deliveries` start. */
export interface EventBus extends Part {
  /** Who may publish what. */
  readonly provenance: EventProvenance;
  /** Started once subscribers can take events, stopped before they cannot any more; what is being handled then is finished. */
  readonly deliveries: Part;
  subscribe(subscriber: EventSubscriber): void;
  /**
   * Lets the listener hear what is published from now on, until the answered function is called. One that comes after `deliveries` have
   * started may miss a moment, where nobody has listened for its types before.
   */
  listen(listener: EventListener): () => void;
  /** Resolves when the events, in their order, cannot be lost any more. */
  publish(events: readonly CloudEvent[]): Promise<void>;
  /** Holds the events of a group back until `resume`; those that are being handled are finished. */
  pause(group: string): void;
  resume(group: string): void;
}

/** True when the subscriber or listener asked for this type of event. */
export const wants = ({ types }: Pick<EventSubscriber, 'types'>, { type }: Pick<CloudEvent, 'type'>): boolean =>
  types === 'all' || types.includes(type);
