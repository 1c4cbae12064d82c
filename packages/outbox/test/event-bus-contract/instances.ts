import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@platform/testkit';
import { type BusFixtures, counted, onCounted, other, testEvent } from './bus-under-test.js';

/** What every bus promises of several instances, and of their end. */
export function promisesInstances({ instance, started, consumer }: BusFixtures): void {
  it('lets every instance hear what is published from now on, of every aggregate, each event once', async () => {
    const early = await started();
    await early.publish([testEvent('thing', 0)]);
    const heard: Record<string, unknown[]> = {};
    const instances = [instance(), instance()];
    instances.forEach(({ bus }, index) => {
      heard[index] = [];
      bus.onEvent([counted.type], ({ data }) => heard[index]?.push((data as { count: number }).count));
    });
    for (const { begin } of instances) await begin();
    const counts = Array.from({ length: 20 }, (_, count) => count + 1);

    await early.publish([
      testEvent('thing', 0, other),
      ...counts.flatMap((count) => [testEvent(`thing-${count}`, count), testEvent(`thing-${count}`, -count)]),
    ]);

    const ofEach = counts.flatMap((count) => [count, -count]);
    await eventually(() => {
      for (const instance of instances.keys()) expect(heard[instance]?.toSorted()).toEqual(ofEach.toSorted());
    });
    for (const instance of instances.keys()) {
      for (const count of counts) {
        expect(heard[instance]?.filter((each) => Math.abs(each as number) === count)).toEqual([count, -count]);
      }
    }
  });

  it('has the instances of a group share its events, and other groups get them too', async () => {
    const seen: Record<string, number[]> = { blog: [], other: [] };
    const instances = [instance(), instance()];
    for (const { bus } of instances) {
      for (const group of ['blog', 'other']) {
        const handler = onCounted(async (count) => void seen[group]?.push(count), `test.${group}`);
        bus.consume(consumer(handler, group));
      }
    }
    await Promise.all(instances.map(({ begin }) => begin()));
    const counts = Array.from({ length: 30 }, (_, count) => count);

    await instances[0]?.bus.publish(counts.map((count) => testEvent(`thing-${count}`, count)));

    await eventually(() => {
      for (const group of ['blog', 'other']) expect(seen[group]?.sort((a, b) => a - b)).toEqual(counts);
    });
  });

  it('finishes what is being handled before consumers have stopped', async () => {
    const begun = Promise.withResolvers<void>();
    let done = false;
    const bus = await started(
      onCounted(async () => {
        begun.resolve();
        await wait(300);
        done = true;
      }),
    );

    const publishing = bus.publish([testEvent('thing', 1)]);
    await begun.promise;
    await bus.consumers.stop?.();

    expect(done).toBe(true);
    await publishing;
  });
}
