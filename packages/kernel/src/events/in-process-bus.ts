import type { CloudEvent } from './cloud-event.js';
import { type EventBus, type EventSubscriber, wants } from './event-bus.js';

/** The bus of the embedded topology. It keeps nothing: `publish` resolves when every subscriber is done, so the outbox remains the only memory. */
export class InProcessBus implements EventBus {
  readonly name = 'events';
  private readonly subscribers: EventSubscriber[] = [];

  subscribe(subscriber: EventSubscriber): void {
    this.subscribers.push(subscriber);
  }

  async publish(events: readonly CloudEvent[]): Promise<void> {
    const outcomes = await Promise.allSettled(
      this.subscribers.map(async (subscriber) => {
        for (const event of events) if (wants(subscriber, event)) await subscriber.deliver(event);
      }),
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
  }
}
