import type { CloudEvent } from './cloud-event.js';
import { type EventBus, type EventConsumer, type EventTypes } from './event-bus.js';
import { EventListeners } from './event-listeners.js';
import { handleByAll } from './handle-by-all.js';
import { EventProvenance, type Publisher } from './provenance.js';
import { inPublishSpans } from './publish-spans.js';

const destination = ({ source }: CloudEvent) => ({
  'messaging.system': 'in_process',
  'messaging.destination.name': source,
});

/** The bus of the embedded topology. It stores nothing: `publish` resolves when every consumer is done, so the outbox remains the only memory. */
export class InProcessBus implements EventBus {
  readonly name = 'events';
  readonly consumers = {
    name: 'consumers',
    stop: async () => void (await Promise.allSettled(this.publishing)),
  };
  readonly provenance: EventProvenance;
  private readonly publishing = new Set<Promise<void>>();
  private readonly registered: EventConsumer[] = [];
  private readonly listeners = new EventListeners();

  constructor(publishers: readonly Publisher[] = []) {
    this.provenance = new EventProvenance(publishers);
  }

  consume(consumer: EventConsumer): void {
    this.registered.push(consumer);
  }

  onEvent(types: EventTypes, listener: (event: CloudEvent) => void): () => void {
    return this.listeners.add(types, listener);
  }

  async publish(events: readonly CloudEvent[]): Promise<void> {
    const publishing = inPublishSpans(events, destination, (carrying) => this.handOver(carrying));
    this.publishing.add(publishing);
    await publishing.finally(() => this.publishing.delete(publishing));
  }

  /** Listeners are called once every consumer has the events: what is published again after a failure is news to them. */
  private async handOver(events: readonly CloudEvent[]): Promise<void> {
    await handleByAll(this.registered, events);
    for (const event of events) this.listeners.call(event);
  }
}
