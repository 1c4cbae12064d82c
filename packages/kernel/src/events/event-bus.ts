import type { Part } from '../lifecycle/index.js';
import type { CloudEvent } from './cloud-event.js';

/** Somebody who wants events: every consumer group gets each event of its types, in order per subject, at least once. */
export interface EventSubscriber {
  /** Names the group; processes of one group share its events. */
  readonly group: string;
  readonly types: readonly string[] | 'all';
  /** Keeps the order of its deliveries itself, so that a bus need not wait for one before it makes the next. */
  readonly keepsOrder?: boolean;
  /** Resolves once the event has had its effect or has been put aside for good; rejects to get it again. */
  deliver(event: CloudEvent): Promise<void>;
}

/** Somebody who watches for a while: every instance of a process hears each event, at most once, and nothing of what came before. */
export interface EventListener {
  readonly types: readonly string[] | 'all';
  /** Must neither wait nor throw. */
  hear(event: CloudEvent): void;
}

/** How events travel between subgraphs. Subscribers are added before `start`. */
export interface EventBus extends Part {
  subscribe(subscriber: EventSubscriber): void;
  /** Lets the listener hear what is published from now on, until the answered function is called. */
  listen(listener: EventListener): () => void;
  /** Resolves when the events, in their order, cannot be lost any more. */
  publish(events: readonly CloudEvent[]): Promise<void>;
}

/** True when the subscriber or listener asked for this event's type. */
export const wants = ({ types }: Pick<EventSubscriber, 'types'>, event: CloudEvent): boolean =>
  types === 'all' || types.includes(event.type);
