import { SubscriptionOverflow } from '@platform/foundation/errors';
import { Channel } from '@platform/foundation/streams';
import type { CloudEvent, EventDefinition } from './cloud-event.js';
import type { EventBroadcast } from './event-bus.js';

type Push = (event: CloudEvent) => void;

/** What happens from now on, as streams for those who read along. Events come once they are committed. */
export class EventStreams {
  private readonly readers: ReadonlyMap<string, Set<Push>>;

  constructor(
    broadcast: EventBroadcast,
    /** The events that can be asked for: made before consumers start, so that what carries them is read from the start. */
    definitions: readonly EventDefinition[],
    /** Events that may wait for one reader; a slower one fails with SubscriptionOverflow. */
    private readonly capacity: number,
  ) {
    this.readers = new Map(definitions.map(({ type }) => [type, new Set()]));
    if (definitions.length > 0) broadcast.onEvent([...this.readers.keys()], (event) => this.push(event));
  }

  /** One stream of all events of these definitions. @throws when one is none of those that can be asked for. */
  of<Data>(...definitions: readonly EventDefinition<Data>[]): Channel<CloudEvent<Data>> {
    const subscriptions = definitions.map(({ type, data }) => {
      const readers = this.readers.get(type);
      if (!readers) throw new Error(`${type} is not among the live events of this subgraph`);
      const push: Push = (event) => {
        const known = data.safeParse(event.data);
        if (known.success && !channel.push({ ...event, data: known.data })) channel.fail(new SubscriptionOverflow());
      };
      return { readers, push };
    });
    const channel = new Channel<CloudEvent<Data>>(this.capacity, () => {
      for (const { readers, push } of subscriptions) readers.delete(push);
    });
    for (const { readers, push } of subscriptions) readers.add(push);
    return channel;
  }

  private push(event: CloudEvent): void {
    for (const push of this.readers.get(event.type) ?? []) push(event);
  }
}
