import { type CloudEvent, defineEvent, EventMetrics } from '@platform/events';
import { Metrics } from '@platform/foundation/metrics';
import { Outbox, OutboxRelay } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { eventually, type TestDatabase } from '@platform/testkit';
import type pg from 'pg';
import { z } from 'zod';
import { config, logger, openSchema } from './open-schema.js';

const noted = defineEvent({ type: 'platform.test.noted', resource: 'note', data: z.object({ text: z.string() }) });

describe('an event in the outbox that cannot be sent', () => {
  let test: TestDatabase;
  let admin: pg.Client;
  let database: Database;
  let relay: OutboxRelay;
  let metrics: Metrics;
  let outbox: Outbox;
  const sent: string[] = [];
  /** What carries events; tests say what it refuses. */
  let refuse: (event: CloudEvent) => Error | undefined;

  beforeEach(async () => {
    sent.splice(0);
    refuse = () => undefined;
    metrics = new Metrics();
    ({ test, database, admin } = await openSchema(metrics));
    outbox = new Outbox('blog', config.platform.tenantId);
    const bus = {
      provenance: { refusal: () => undefined } as never,
      publish: async (events: readonly CloudEvent[]) => {
        const failure = events.map(refuse).find((error) => error !== undefined);
        if (failure) throw failure;
        sent.push(...events.map(({ subject }) => subject));
      },
    };
    relay = new OutboxRelay('blog', database, bus, config.events, { logger, metrics });
  });
  afterEach(async () => {
    await relay.stop();
    await database.stop();
    await admin.end();
    await test.drop();
  });

  const note = (subject: string, text = 'short'): Promise<void> =>
    database.transaction((tx) => outbox.add(tx, noted, { subject, data: { text } }));
  const letters = async () =>
    (
      await admin.query(
        `SELECT envelope->>'subject' AS subject, envelope->>'type' AS type, reason FROM dead_letter WHERE handler = 'outbox-relay'`,
      )
    ).rows;
  const givenUp = async () =>
    (await metrics.of(EventMetrics).eventsDeadLettered.get()).values.map(({ labels, value }) => [labels.type, value]);

  /** Takes the pieces of large values out of the table behind the outbox, as a damaged disk would. Deleted ones would be there until they are cleared. */
  const damage = async (): Promise<void> => {
    const { rows } = await admin.query(
      `SELECT reltoastrelid::int AS id, reltoastrelid::regclass AS name FROM pg_class WHERE oid = 'outbox'::regclass`,
    );
    const [{ id, name }] = rows;
    await admin.query('SET allow_system_table_mods = on');
    await admin.query(`UPDATE pg_class SET relkind = 'r' WHERE oid = ${id}`);
    await admin.query(`TRUNCATE ${name}`);
    await admin.query(`UPDATE pg_class SET relkind = 't' WHERE oid = ${id}`);
  };

  it('because its row is damaged is set aside with the reason, and the rest flows', async () => {
    await note('first');
    await note('damaged', Array.from({ length: 8_000 }, () => Math.random().toString(36)[2]).join(''));
    await note('last');
    await damage();
    await expect(admin.query('SELECT envelope FROM outbox')).rejects.toThrow('chunk number');

    await relay.start();

    await eventually(() => expect(sent).toEqual(['first', 'last']));
    expect(await letters()).toEqual([
      { subject: 'damaged', type: noted.type, reason: expect.stringContaining('chunk number') },
    ]);
    expect(await givenUp()).toEqual([['unreadable', 1]]);
    expect((await admin.query('SELECT envelope FROM outbox WHERE published_at IS NULL')).rows).toEqual([]);
  });

  it('because brokers find it too large is set aside, and the rest flows', async () => {
    refuse = ({ subject }) =>
      subject === 'large' ? Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' }) : undefined;
    for (const subject of ['first', 'large', 'last']) await note(subject);

    await relay.start();

    await eventually(() => expect(sent).toEqual(['first', 'last']));
    expect(await letters()).toMatchObject([{ subject: 'large', reason: 'Error: too large' }]);
  });

  it('because of what carries it, waits', async () => {
    let away = true;
    refuse = () => (away ? new Error('nobody is there') : undefined);
    await note('patient');
    await relay.start();
    await eventually(() => expect(relay.lagCheck().check()).rejects.toThrow('1 events wait'));

    away = false;

    await eventually(() => expect(sent).toEqual(['patient']));
    expect(await letters()).toEqual([]);
  });
});
