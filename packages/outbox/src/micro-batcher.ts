import type { CloudEvent } from '@platform/events';

interface Delivery {
  readonly events: readonly CloudEvent[];
  readonly outcome: PromiseWithResolvers<boolean>;
}

/** Events that are handled in one transaction, unless one batch alone has more. */
const MAX_EVENTS = 1_000;

/**
 * Handles together what arrives in one moment, as the partitions of one fetch are: a transaction for all of it costs hardly more
 * than one for each of them would. Each batch gets the outcome of the whole.
 */
export class MicroBatcher {
  private waiting: Delivery[] = [];

  constructor(private readonly handle: (events: readonly CloudEvent[]) => Promise<boolean>) {}

  add(events: readonly CloudEvent[]): Promise<boolean> {
    if (this.waiting.length === 0) setImmediate(() => this.begin());
    const outcome = Promise.withResolvers<boolean>();
    this.waiting.push({ events, outcome });
    return outcome.promise;
  }

  private begin(): void {
    const batches = this.waiting;
    this.waiting = [];
    for (const together of inGroups(batches)) {
      const outcome = this.handle(together.flatMap(({ events }) => events));
      for (const delivery of together) outcome.then(delivery.outcome.resolve, delivery.outcome.reject);
    }
  }
}

function inGroups(deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] {
  const groups: Delivery[][] = [];
  let room = 0;
  for (const delivery of deliveries) {
    const { length } = delivery.events;
    if (length > room) {
      groups.push([]);
      room = MAX_EVENTS;
    }
    groups.at(-1)?.push(delivery);
    room -= length;
  }
  return groups;
}
