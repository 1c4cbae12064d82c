import { SubscriptionOverflow } from '../errors/index.js';
import { Channel } from '../streams/index.js';
import type { CloudEvent, EventDefinition } from './cloud-event.js';
import type { EventBus } from './event-bus.js';

/** What happens from now on, as streams for whoever is there to see it. Events are heard once they are committed. */
export class LiveEvents {
  constructor(
    private readonly bus: Pick<EventBus, 'listen'>,
    /** Events that may wait for one reader; a slower one fails with SubscriptionOverflow. */
    private readonly capacity: number,
  ) {}

  of<Data>({ type, data }: EventDefinition<Data>): AsyncIterableIterator<CloudEvent<Data>, undefined> {
    const channel = new Channel<CloudEvent<Data>>(this.capacity, () => leave());
    const leave = this.bus.listen({
      types: [type],
      hear: (event) => {
        const known = data.safeParse(event.data);
        if (known.success && !channel.push({ ...event, data: known.data })) channel.fail(new SubscriptionOverflow());
      },
    });
    return channel;
  }
}
