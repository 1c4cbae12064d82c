import { anonymousCaller } from '@platform/auth';
import { unauthenticated } from '@platform/federation-engine';
import { eventually } from '@platform/testkit';
import { SubgraphSubscription } from '../../src/subscriptions/subgraph-subscription.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';

type Parameters = ConstructorParameters<typeof SubgraphSubscription>;

/** An upstream whose stream brings nothing: it ends at once, or never. */
function upstreamOf(events: () => AsyncGenerator<never>) {
  const engine = { prepare: async () => ({}), sourceOf: () => 'the stream', subscribe: async () => events() };
  const seen = { empty: 0, held: 0 };
  const onEmpty = () => {
    seen.empty += 1;
  };
  const parts = {
    hold: () => {
      seen.held += 1;
      return () => {
        seen.held -= 1;
      };
    },
  };
  const upstream = new SubgraphSubscription(
    parts as unknown as Parameters[0],
    { engine } as unknown as Parameters[1],
    { caller: anonymousCaller(''), rights: unauthenticated },
    { move: async () => {}, onAdopted: () => {}, onEmpty },
  );
  return { upstream, seen };
}

describe('a stream that others are moved to', () => {
  it('tells who arrives after its end that it has ended', async () => {
    const { upstream, seen } = upstreamOf(async function* () {});
    await upstream.opened;
    await eventually(() => expect(seen.empty).toBe(1));

    const late = new Subscriber(10, 1_000_000, null);
    upstream.add(late);

    expect(await late.next()).toEqual({ value: undefined, done: true });
    expect(upstream.subscribers.size).toBe(0);
    expect(upstream.abandoned).toBe(false);
  });

  it('says that it was given up when nobody was left, and lets its engine go', async () => {
    const { upstream, seen } = upstreamOf(async function* () {
      await new Promise<void>(() => {});
    });
    await upstream.opened;
    const subscriber = new Subscriber(10, 1_000_000, null);
    upstream.add(subscriber);
    expect([upstream.abandoned, seen.held]).toEqual([false, 1]);

    upstream.remove(subscriber);

    expect([upstream.abandoned, seen.held]).toEqual([true, 0]);
  });
});
