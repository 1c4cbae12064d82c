import type { CloudEvent } from './cloud-event.js';
import { type EventBus, type EventListener, type EventSubscriber, wants } from './event-bus.js';
import { Gate } from './gate.js';
import { EventProvenance, type Publisher } from './provenance.js';
import { inPublishSpans } from './publish-spans.js';

const destination = ({ source }: CloudEvent) => ({
  'messaging.system': 'in_process',
  'messaging.destination.name': source,
});

/** The bus of the embedded topology. It keeps nothing: `publish` resolves when every subscriber is done, so the outbox remains the only memory. */
export class InProcessBus implements EventBus {
  readonly name = 'events';
  readonly deliveries = {
    name: 'deliveries',
    stop: async () => void (await Promise.allSettled(this.publishing)),
  };
  readonly provenance: EventProvenance;
  private readonly publishing = new Set<Promise<void>>();
  private readonly subscribers: EventSubscriber[] = [];
  private readonly listeners = new Set<EventListener>();
  private readonly gate = new Gate();

  constructor(publishers: readonly Publisher[] = []) {
    this.provenance = new EventProvenance(publishers);
  }

  subscribe(subscriber: EventSubscriber): void {
    this.subscribers.push(subscriber);
  }

  listen(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  pause(group: string): void {
    this.gate.close(group);
  }

  resume(group: string): void {
    this.gate.open(group);
  }

  async publish(events: readonly CloudEvent[]): Promise<void> {
    const publishing = inPublishSpans(events, destination, (carrying) => this.deliver(carrying));
    this.publishing.add(publishing);
    await publishing.finally(() => this.publishing.delete(publishing));
  }

  /** Listeners hear the events once every subscriber has them: what is published again after a failure is news to them. */
  private async deliver(events: readonly CloudEvent[]): Promise<void> {
    const outcomes = await Promise.allSettled(
      this.subscribers.map(async (subscriber) => {
        const wanted = events.filter((event) => wants(subscriber, event));
        if (wanted.length === 0) return;
        await this.gate.passed(subscriber.group);
        await subscriber.deliver(wanted);
      }),
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
    for (const event of events) {
      for (const listener of this.listeners) if (wants(listener, event)) listener.hear(event);
    }
  }
}
