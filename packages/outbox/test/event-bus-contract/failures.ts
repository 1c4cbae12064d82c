import { onEvent } from '@platform/outbox';
import { eventually } from '@platform/testkit';
import { config } from '../open-schema.js';
import { type BusFixtures, counted, onCounted, testEvent } from './bus-under-test.js';

/** What every bus promises of handlers that fail. */
export function promisesFailures({ started, query }: BusFixtures): void {
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
      const { rows } = await query(`SELECT count(*)::int AS effects FROM inbox WHERE handler = 'effect'`);
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
    const { rows } = await query('SELECT handler, reason FROM dead_letter ORDER BY failed_at');
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
    expect((await query('SELECT FROM dead_letter')).rowCount).toBe(0);
  });
}
