import { setTimeout as wait } from 'node:timers/promises';
import { onEveryEventTogether } from '@platform/outbox';
import { eventually } from '@platform/testkit';
import { config } from '../open-schema.js';
import { type BusFixtures, onCounted, other, testEvent } from './bus-under-test.js';

const UNLUCKY = 13;

/** What every bus promises of deliveries: each aggregate in its order, what was asked for, once. */
export function promisesDeliveries({ started, consumer, absorbed }: BusFixtures): void {
  it('keeps the order of each aggregate and works on several of them at a time, within its bounds', async () => {
    const seen = new Map<string, number[]>();
    let working = 0;
    let most = 0;
    const bus = await started(
      onCounted(async (count, subject) => {
        working += 1;
        most = Math.max(most, working);
        await wait((count * 7) % 5);
        seen.set(subject, [...(seen.get(subject) ?? []), count]);
        working -= 1;
      }),
    );
    const subjects = Array.from({ length: 10 }, (_, index) => `thing-${index}`);

    for (let round = 0; round < 4; round += 1) {
      const counts = [0, 1, 2, 3, 4].map((count) => round * 5 + count);
      await bus.publish(counts.flatMap((count) => subjects.map((subject) => testEvent(subject, count))));
    }

    const all = Array.from({ length: 20 }, (_, count) => count);
    await eventually(() => expect([...seen]).toEqual(expect.arrayContaining(subjects.map((name) => [name, all]))));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(config.events.concurrency);
  });

  it('gives a handler the types that it asked for, and no others', async () => {
    const seen: number[] = [];
    const bus = await started(onCounted(async (count) => void seen.push(count)));

    await bus.publish([testEvent('thing', 1), testEvent('thing', 2, other), testEvent('thing', 3)]);

    await eventually(() => expect(seen).toEqual([1, 3]));
  });

  it('has the inbox absorb what is published again', async () => {
    const seen: number[] = [];
    const bus = await started(onCounted(async (count) => void seen.push(count)));
    const events = [testEvent('a', 1), testEvent('b', 2)];

    for (let time = 0; time < 3; time += 1) await bus.publish(events);

    await eventually(async () => expect(await absorbed()).toBe(4));
    expect(seen.sort()).toEqual([1, 2]);
  });

  it('gives events together to a handler that takes them so, each once, and one by one when they fail together', async () => {
    const calls: number[][] = [];
    const bus = await started(
      onEveryEventTogether('test.together', async (events) => {
        const counts = events.map(({ data }) => (data as { count: number }).count);
        if (counts.includes(2) && counts.length > 1) throw new Error('two does not like company');
        calls.push(counts);
      }),
    );
    const events = [1, 2, 3].map((count) => testEvent('thing', count));

    await bus.publish(events);
    await eventually(() => expect(calls.flat()).toEqual([1, 2, 3]));
    await bus.publish([...events, testEvent('thing', 4), testEvent('thing', 5)]);
    await eventually(() => expect(calls.flat()).toEqual([1, 2, 3, 4, 5]));
  });

  it('gives such a handler in one transaction what is delivered in one moment, as by the partitions of a fetch, and answers each delivery', async () => {
    const calls: number[][] = [];
    const together = consumer(
      onEveryEventTogether('test.together', async (events) => {
        const counts = events.map(({ data }) => (data as { count: number }).count);
        if (counts.includes(UNLUCKY)) throw new Error('unlucky');
        calls.push(counts);
      }),
    );
    const delivered = (...deliveries: number[][]) =>
      Promise.all(deliveries.map((counts) => together.handleBatch(counts.map((count) => testEvent('thing', count)))));

    expect(await delivered([1, 2], [3, 4], [5, 6])).toEqual([[], [], []]);
    expect(calls.splice(0)).toEqual([[1, 2, 3, 4, 5, 6]]);

    const many = Array<number>(600).fill(0);
    await delivered(many, many, many);
    expect(calls.splice(0).map(({ length }) => length)).toEqual([600, 600, 600]);

    const letters = await delivered([1, UNLUCKY, 2], [3, 4]);
    expect(letters.map((dead) => dead.map(({ event }) => event.data))).toEqual([[{ count: UNLUCKY }], []]);
    expect(calls.flat().toSorted()).toEqual([1, 2, 3, 4]);
  });
}
