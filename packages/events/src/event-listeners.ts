import type { CloudEvent } from './cloud-event.js';
import { type EventTypes, includesType } from './event-bus.js';

interface Listener {
  readonly types: EventTypes;
  readonly listener: (event: CloudEvent) => void;
}

/** Who listens to the events of a process. */
export class EventListeners {
  private readonly listeners = new Set<Listener>();

  /** The returned function removes the listener. */
  add(types: EventTypes, listener: (event: CloudEvent) => void): () => void {
    const added = { types, listener };
    this.listeners.add(added);
    return () => this.listeners.delete(added);
  }

  /** The types of each listener. */
  get types(): readonly EventTypes[] {
    return [...this.listeners].map(({ types }) => types);
  }

  /** Whether one of them wants events of the type. */
  want(type: string): boolean {
    for (const { types } of this.listeners) if (includesType(types, type)) return true;
    return false;
  }

  /** Calls those who want the event. */
  call(event: CloudEvent): void {
    for (const { types, listener } of this.listeners) if (includesType(types, event.type)) listener(event);
  }
}
