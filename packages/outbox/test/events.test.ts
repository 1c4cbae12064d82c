import { type CloudEvent, defineEvent, EventProvenance, InProcessBus } from '@platform/events';
import { ErrorBus } from '@platform/foundation/errors';
import type { Logger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { type EventHandler, InboxConsumer, Outbox, OutboxMetrics, OutboxRelay, onEvent } from '@platform/outbox';
import { afterCommit, type Database } from '@platform/postgres/database';
import { eventually, type TestDatabase } from '@platform/testkit';
import pg from 'pg';
import { z } from 'zod';
import { config, logger, openSchema } from './open-schema.js';

const noted = defineEvent({
  type: 'platform.test.noted',
  resource: 'note',
  data: z.object({ text: z.string() }),
});

describe('events', () => {
  let test: TestDatabase;
  let database: Database;
  let admin: pg.Client;
  let bus: InProcessBus;
  let relay: OutboxRelay;
  let outbox: Outbox;
  const errors = new ErrorBus();
  let reporting: { logger: Logger; metrics: Metrics };

  beforeEach(async () => {
    const metrics = new Metrics();
    ({ test, database, admin } = await openSchema(metrics));
    reporting = { logger, metrics };
    bus = new InProcessBus();
    outbox = new Outbox('blog', config.platform.tenantId);
    relay = new OutboxRelay('blog', database, bus, config.events, reporting).follow(outbox);
  });

  afterEach(async () => {
    await relay.stop();
    await database.stop();
    await admin.end();
    await test.drop();
  });

  const note = (text: string, subject = 'note-1'): Promise<void> =>
    database.transaction((tx) => outbox.add(tx, noted, { subject, data: { text } }));

  const consume = (handler: EventHandler): void =>
    bus.consume(new InboxConsumer('blog', handler, database, config.events, { errors, metrics: new Metrics() }));

  const remember = (texts: string[]): EventHandler =>
    onEvent('test.remember', noted, async ({ data }) => void texts.push(data.text));

  const count = async (sql: string): Promise<number> => Number((await admin.query(sql)).rows[0].count);

  it('reach their handler in the order of their commits', async () => {
    const texts: string[] = [];
    consume(remember(texts));
    await relay.start();

    for (const text of ['one', 'two', 'three']) await note(text);

    await eventually(() => expect(texts).toEqual(['one', 'two', 'three']));
  });

  it('are not there when their change did not commit', async () => {
    const change = database.transaction(async (tx) => {
      await outbox.add(tx, noted, { subject: 'note-1', data: { text: 'undone' } });
      throw new Error('the change fails');
    });

    await expect(change).rejects.toThrow('the change fails');
    expect(await count('SELECT count(*) FROM outbox')).toBe(0);
  });

  it('have their effect once, however often they are delivered', async () => {
    const texts: string[] = [];
    consume(remember(texts));
    await note('once');
    const [{ envelope }] = (await admin.query('SELECT envelope FROM outbox')).rows as [{ envelope: CloudEvent }];

    await bus.publish([envelope]);
    await bus.publish([envelope]);

    expect(texts).toEqual(['once']);
  });

  it('are tried again after a failure, and their half-done effect is undone', async () => {
    let attempts = 0;
    consume(
      onEvent('test.fail-once', noted, async (_event, tx) => {
        attempts += 1;
        await tx.query(`INSERT INTO inbox (event_id, handler) VALUES (gen_random_uuid(), 'effect')`);
        if (attempts === 1) throw new Error('not yet');
      }),
    );
    await relay.start();
    await note('stubborn');

    await eventually(async () =>
      expect(await count('SELECT count(*) FROM outbox WHERE published_at IS NOT NULL')).toBe(1),
    );
    expect(attempts).toBe(2);
    expect(await count(`SELECT count(*) FROM inbox WHERE handler = 'effect'`)).toBe(1);
  });

  it('that always fail are put aside with the reason, and later ones go on', async () => {
    const texts: string[] = [];
    consume(
      onEvent('test.poisoned', noted, async ({ data }) => {
        if (data.text === 'poison') throw new Error('cannot swallow this');
        texts.push(data.text);
      }),
    );
    await relay.start();
    await note('poison');
    await note('food');

    await eventually(() => expect(texts).toEqual(['food']));
    const { rows } = await admin.query('SELECT handler, reason, envelope FROM dead_letter');
    expect(rows).toEqual([
      {
        handler: 'test.poisoned',
        reason: expect.stringContaining('cannot swallow this'),
        envelope: expect.objectContaining({ data: { text: 'poison' } }),
      },
    ]);
  });

  it('whose data does not fit are put aside without bothering the handler', async () => {
    const texts: string[] = [];
    consume(remember(texts));
    await note('fits');
    const [{ envelope }] = (await admin.query('SELECT envelope FROM outbox')).rows as [{ envelope: CloudEvent }];

    await bus.publish([{ ...envelope, id: crypto.randomUUID(), data: { text: 7 } }]);

    expect(texts).toEqual([]);
    expect(await count('SELECT count(*) FROM dead_letter')).toBe(1);
  });

  it('are never overtaken by one that commits later but was written earlier', async () => {
    const texts: string[] = [];
    consume(remember(texts));
    const late = new pg.Client({ connectionString: test.url });
    await late.connect();
    await late.query(`SET search_path TO blog; SET app.tenant_id TO '${config.platform.tenantId}'`);
    await late.query('BEGIN');
    await note('early position, late commit');
    await late.query(
      `INSERT INTO outbox (event_id, type, subject, envelope)
       SELECT gen_random_uuid(), type, subject, jsonb_set(envelope, '{data,text}', '"written in between"') || jsonb_build_object('id', gen_random_uuid())
       FROM outbox`,
    );
    await note('after it');

    await relay.start();
    await eventually(() => expect(texts).toEqual(['early position, late commit']));
    await late.query('COMMIT');
    await late.end();

    await eventually(() => expect(texts).toEqual(['early position, late commit', 'written in between', 'after it']));
  });

  it('wait for nobody who writes elsewhere', async () => {
    const texts: string[] = [];
    consume(remember(texts));
    const elsewhere = new pg.Client({ connectionString: test.url });
    await elsewhere.connect();
    await elsewhere.query(`BEGIN; INSERT INTO blog.inbox (event_id, handler) VALUES (gen_random_uuid(), 'elsewhere')`);
    await note('on its way');

    await relay.start();

    await eventually(() => expect(texts).toEqual(['on its way']));
    await elsewhere.query('COMMIT');
    await elsewhere.end();
  });

  it('of one aggregate keep their order when the transaction of the first began after that of the second', async () => {
    const texts: string[] = [];
    consume(remember(texts));
    const transaction = async () => {
      const client = new pg.Client({ connectionString: test.url });
      await client.connect();
      await client.query(
        `SET search_path TO blog; SET app.tenant_id TO '${config.platform.tenantId}'; BEGIN; SELECT pg_current_xact_id()`,
      );
      return client;
    };
    const add = (client: pg.Client, text: string) =>
      client.query('INSERT INTO outbox (event_id, type, subject, envelope) VALUES ($1, $2, $3, $4)', [
        ...[crypto.randomUUID(), noted.type, 'note-1'],
        {
          specversion: '1.0',
          id: crypto.randomUUID(),
          source: '/blog',
          type: noted.type,
          time: new Date().toISOString(),
          tenantid: config.platform.tenantId,
          resource: noted.resource,
          outcome: noted.outcome,
          subject: 'note-1',
          data: { text },
        },
      ]);
    const early = await transaction();
    const open = await transaction();
    const late = await transaction();

    await add(open, 'taken back');
    await add(late, 'first');
    await late.query('COMMIT');
    await add(early, 'second');
    await early.query('COMMIT');
    await relay.start();
    await eventually(async () => {
      const { values } = await reporting.metrics.of(OutboxMetrics).outboxLag.get();
      expect(values[0]?.value).toBeGreaterThan(0);
    });
    expect(texts).toEqual([]);
    await open.query('ROLLBACK');

    await eventually(() => expect(texts).toHaveLength(2));
    expect(texts).toEqual(['first', 'second']);
    await Promise.all([early, open, late].map((client) => client.end()));
  });

  it('are shared by the relays of several instances without one being lost or sent in another order', async () => {
    const texts: number[] = [];
    consume(onEvent('test.count', noted, async ({ data }) => void texts.push(Number(data.text))));
    const relays = [1, 2, 3].map(
      () => new OutboxRelay('blog', database, bus, { ...config.events, batchSize: 7 }, reporting),
    );
    await Promise.all(relays.map((each) => each.follow(outbox).start()));

    const all = Array.from({ length: 100 }, (_, index) => index);
    for (const index of all) await note(String(index));

    await eventually(() => expect(texts).toEqual(all));
    await Promise.all(relays.map((each) => each.stop()));
    expect(await count('SELECT count(*) FROM outbox WHERE published_at IS NULL')).toBe(0);
  });

  it('go on through another instance when the one whose turn it is stands still', async () => {
    const texts: string[] = [];
    consume(remember(texts));
    const stuck = Promise.withResolvers<void>();
    const settings = { ...config.events, relayLockTimeout: 200 };
    const halted = new OutboxRelay('blog', database, { ...bus, publish: () => stuck.promise }, settings, reporting);
    await note('patient');
    await halted.start();
    await eventually(async () =>
      expect(await count(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted`)).toBeGreaterThan(0),
    );

    await relay.start();

    await eventually(() => expect(texts).toEqual(['patient']));
    stuck.resolve();
    await halted.stop();
  });

  it('that are not their module’s own go nowhere, and hold nothing up', async () => {
    const texts: string[] = [];
    consume(remember(texts));
    const publishers = [
      { name: 'blog', types: ['platform.test.noted'] },
      { name: 'identity', types: ['platform.user.deleted'] },
    ];
    const provenance = new EventProvenance(publishers);
    await note('before');
    for (const forged of [
      `envelope || '{"source": "/identity"}'`,
      `envelope || '{"type": "platform.user.deleted"}'`,
      `envelope || '{"type": "platform.test.invented"}'`,
      `envelope || '{"id": "x"}'`,
      `'[]'::jsonb`,
      `'null'::jsonb`,
    ]) {
      await admin.query(
        `INSERT INTO outbox (event_id, type, subject, envelope)
         SELECT gen_random_uuid(), type, subject, ${forged} FROM outbox ORDER BY position LIMIT 1`,
      );
    }
    await note('after');
    const strict = new OutboxRelay(
      'blog',
      database,
      { publish: (events) => bus.publish(events), provenance },
      config.events,
      reporting,
    );
    await strict.start();

    await eventually(() => expect(texts).toEqual(['before', 'after']));
    await strict.stop();
    expect(await count('SELECT count(*) FROM outbox WHERE published_at IS NULL')).toBe(0);
    expect(await count(`SELECT count(*) FROM dead_letter WHERE handler = 'outbox-relay'`)).toBe(6);
  });

  it('that wait too long in the outbox make the process degraded', async () => {
    const { check } = new OutboxRelay(
      'blog',
      database,
      bus,
      { ...config.events, maxOutboxLag: 50 },
      reporting,
    ).lagCheck();
    await check();
    await note('waiting');

    await eventually(() => expect(check()).rejects.toThrow(/^1 events wait to be published, the oldest for \d+ s$/));
    await relay.start();
    await eventually(check);
  });

  it('larger than 64 KiB are refused with their change', async () => {
    await expect(note('x'.repeat(70_000))).rejects.toThrow('larger than');
    expect(await count('SELECT count(*) FROM outbox')).toBe(0);
  });

  it('wait in the outbox while the handler’s database is away, and arrive once it is back', async () => {
    const texts: string[] = [];
    let away = true;
    consume(
      onEvent('test.away', noted, async ({ data }) => {
        if (away) throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
        texts.push(data.text);
      }),
    );
    await relay.start();
    await note('patient');
    away = false;

    await eventually(() => expect(texts).toEqual(['patient']));
    expect(await count('SELECT count(*) FROM dead_letter')).toBe(0);
  });

  it('run effects of a commit only after it, and never of a rollback', async () => {
    const seen: string[] = [];
    await database.transaction(async (tx) => {
      afterCommit(tx, () => void seen.push('after'));
      seen.push('inside');
    });
    await database
      .transaction(async (tx) => {
        afterCommit(tx, () => void seen.push('never'));
        throw new Error('rolled back');
      })
      .catch(() => {});

    expect(seen).toEqual(['inside', 'after']);
  });
});
