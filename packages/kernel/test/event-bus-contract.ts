import { setTimeout as wait } from 'node:timers/promises';
import { kernelSections, loadConfig } from '@platform/kernel/config';
import { Database } from '@platform/kernel/database';
import { ErrorBus } from '@platform/kernel/errors';
import {
  type CloudEvent,
  defineEvent,
  type EventBus,
  EventConsumer,
  type EventHandler,
  onEvent,
  onEveryEventTogether,
} from '@platform/kernel/events';
import { createLogger } from '@platform/kernel/logging';
import { Metrics } from '@platform/kernel/metrics';
import { createTestDatabase, eventually, type TestDatabase } from '@platform/testkit';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

const counted = defineEvent({ type: 'blog.test.counted', resource: 'thing', data: z.object({ count: z.number() }) });
const other = defineEvent({ type: 'blog.test.other', resource: 'thing', data: z.object({ count: z.number() }) });

const UNLUCKY = 13;

const config = loadConfig(kernelSections, { environment: 'test' });
const logger = createLogger({ ...config.logging, level: 'silent' });

/** The event as its outbox would have it; `subject` is the aggregate. */
export const testEvent = (subject: string, count: unknown, { type } = counted): CloudEvent => ({
  specversion: '1.0',
  id: uuidv7(),
  source: '/blog',
  type,
  subject,
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  dataschema: `${type}/v1`,
  tenantid: config.platform.tenantId,
  resource: 'thing',
  outcome: 'SUCCESS',
  data: { count },
});

/** What a bus is under this suite: its instances share what they carry, as the processes of one installation do. */
export interface BusUnderTest {
  /** A bus of one process. `begin` has its subscribers and listeners get what is published from then on. */
  instance(): { bus: EventBus; begin(): Promise<void> };
  /** After each test. */
  end(): Promise<void>;
}

/** What every bus promises, on a real database. */
export function eventBusContract(make: () => BusUnderTest): void {
  let test: TestDatabase;
  let admin: pg.Client;
  let database: Database;
  let metrics: Metrics;
  let underTest: BusUnderTest;

  beforeEach(async () => {
    test = await createTestDatabase();
    metrics = new Metrics();
    database = new Database({ url: test.url, config: config.database, schema: 'blog', entities: [], logger, metrics });
    await database.start();
    admin = new pg.Client({ connectionString: test.url });
    await admin.connect();
    await admin.query('SET search_path TO blog');
    underTest = make();
  });

  afterEach(async () => {
    await underTest.end();
    await database.stop();
    await admin.end();
    await test.drop();
  });

  const consumer = (handler: EventHandler, group = 'blog'): EventConsumer =>
    new EventConsumer(group, handler, database, config.events, { errors: new ErrorBus(), metrics });

  const onCounted = (handle: (count: number, subject: string) => Promise<void>, name = 'test.counted'): EventHandler =>
    onEvent(name, counted, ({ data, subject }) => handle(data.count, subject));

  const started = async (...handlers: EventHandler[]): Promise<EventBus> => {
    const { bus, begin } = underTest.instance();
    for (const handler of handlers) bus.subscribe(consumer(handler));
    await begin();
    return bus;
  };

  const absorbed = async (): Promise<number> => {
    const { values } = await metrics.eventsAbsorbed.get();
    return values.reduce((sum, { value }) => sum + value, 0);
  };

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
      Promise.all(deliveries.map((counts) => together.deliver(counts.map((count) => testEvent('thing', count)))));

    expect(await delivered([1, 2], [3, 4], [5, 6])).toEqual([[], [], []]);
    expect(calls.splice(0)).toEqual([[1, 2, 3, 4, 5, 6]]);

    const many = Array<number>(600).fill(0);
    await delivered(many, many, many);
    expect(calls.splice(0).map(({ length }) => length)).toEqual([600, 600, 600]);

    const letters = await delivered([1, UNLUCKY, 2], [3, 4]);
    expect(letters.map((dead) => dead.map(({ event }) => event.data))).toEqual([[{ count: UNLUCKY }], []]);
    expect(calls.flat().toSorted()).toEqual([1, 2, 3, 4]);
  });

  it('tries again after a failure, undoes what was half done, and lets no later event of the aggregate pass', async () => {
    const seen: number[] = [];
    let failures = 2;
    const bus = await started(
      onEvent('test.stubborn', counted, async ({ data }, tx) => {
        await tx.query(`INSERT INTO inbox (event_id, handler) VALUES (gen_random_uuid(), 'effect')`);
        if (data.count === 1 && failures-- > 0) throw new Error('not yet');
        seen.push(data.count);
      }),
    );

    await bus.publish([1, 2, 3].map((count) => testEvent('thing', count)));

    await eventually(() => expect(seen).toEqual([1, 2, 3]));
    await eventually(async () => {
      const { rows } = await admin.query(`SELECT count(*)::int AS effects FROM inbox WHERE handler = 'effect'`);
      expect(rows).toEqual([{ effects: 3 }]);
    });
  });

  it('puts aside what always fails and what does not fit its definition, with the reason, and goes on', async () => {
    const seen: number[] = [];
    const bus = await started(
      onCounted(async (count) => {
        if (count === 1) throw new Error('cannot swallow this');
        seen.push(count);
      }),
    );

    await bus.publish([testEvent('thing', 1), testEvent('thing', 'many'), testEvent('thing', 3)]);

    await eventually(() => expect(seen).toEqual([3]));
    const { rows } = await admin.query('SELECT handler, reason FROM dead_letter ORDER BY failed_at');
    expect(rows).toEqual([
      { handler: 'test.counted', reason: expect.stringContaining('cannot swallow this') },
      { handler: 'test.counted', reason: expect.stringContaining('expected number') },
    ]);
  });

  it('puts nothing aside while the database is away', async () => {
    const seen: number[] = [];
    let refusals = config.events.maxAttempts + 2;
    const bus = await started(
      onCounted(async (count) => {
        if (refusals-- > 0) throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
        seen.push(count);
      }),
    );

    const event = testEvent('thing', 1);
    await eventually(() => bus.publish([event]));

    await eventually(() => expect(seen).toEqual([1]));
    expect((await admin.query('SELECT FROM dead_letter')).rowCount).toBe(0);
  });

  it('lets every instance hear what is published from now on, of every aggregate, each event once', async () => {
    const early = await started();
    await early.publish([testEvent('thing', 0)]);
    const heard: Record<string, unknown[]> = {};
    const instances = [underTest.instance(), underTest.instance()];
    instances.forEach(({ bus }, index) => {
      heard[index] = [];
      bus.listen({ types: [counted.type], hear: ({ data }) => heard[index]?.push((data as { count: number }).count) });
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
    const instances = [underTest.instance(), underTest.instance()];
    for (const { bus } of instances) {
      for (const group of ['blog', 'other']) {
        const handler = onCounted(async (count) => void seen[group]?.push(count), `test.${group}`);
        bus.subscribe(consumer(handler, group));
      }
    }
    await Promise.all(instances.map(({ begin }) => begin()));
    const counts = Array.from({ length: 30 }, (_, count) => count);

    await instances[0]?.bus.publish(counts.map((count) => testEvent(`thing-${count}`, count)));

    await eventually(() => {
      for (const group of ['blog', 'other']) expect(seen[group]?.sort((a, b) => a - b)).toEqual(counts);
    });
  });

  it('holds the events of a paused group back until it is resumed', async () => {
    const seen: number[] = [];
    const heard: string[] = [];
    const { bus, begin } = underTest.instance();
    bus.subscribe(consumer(onCounted(async (count) => void seen.push(count))));
    bus.subscribe(
      consumer(
        onCounted(async () => void heard.push('other'), 'test.other'),
        'other',
      ),
    );
    await begin();
    bus.pause('blog');

    const publishing = bus.publish([testEvent('thing', 1)]);
    await eventually(() => expect(heard).toEqual(['other']));
    expect(seen).toEqual([]);
    bus.resume('blog');
    await publishing;

    await eventually(() => expect(seen).toEqual([1]));
  });

  it('finishes what is being handled before deliveries have stopped', async () => {
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
    await bus.deliveries.stop?.();

    expect(done).toBe(true);
    await publishing;
  });
}
