import type { CloudEvent } from '@platform/events';

interface Delivery {
  readonly events: readonly CloudEvent[];
  readonly outcome: PromiseWithResolvers<boolean>;
}

/** Events that are handled in one transaction, unless more come in one piece. */
const MOST = 1_000;

/**
 * Handles together what is delivered in one moment, as the partitions of one fetch are: a transaction for all of it costs hardly more
 * than one for each of them would. Everybody is answered what came of the whole.
 */
export class Gathering {
  private waiting: Delivery[] = [];

  constructor(private readonly handle: (events: readonly CloudEvent[]) => Promise<boolean>) {}

  add(events: readonly CloudEvent[]): Promise<boolean> {
    if (this.waiting.length === 0) setImmediate(() => this.begin());
    const outcome = Promise.withResolvers<boolean>();
    this.waiting.push({ events, outcome });
    return outcome.promise;
  }

  private begin(): void {
    const gathered = this.waiting;
    this.waiting = [];
    for (const together of inGroups(gathered)) {
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
      room = MOST;
    }
    groups.at(-1)?.push(delivery);
    room -= length;
  }
  return groups;
}
