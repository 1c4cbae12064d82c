import { loadConfig, processSections } from '@platform/foundation/config';
import { ErrorBus } from '@platform/foundation/errors';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { eventRetention } from '@platform/outbox';
import { Database } from '@platform/postgres/database';
import type { RetentionSweep } from '@platform/postgres/retention';
import { createTestDatabase, type TestDatabase } from '@platform/testkit';
import pg from 'pg';

const config = loadConfig(processSections, {
  environment: 'test',
  set: ['events.retention=7d', 'kafka.retention=10d'],
});
const logger = createLogger({ ...config.logging, level: 'silent' });

describe('the retention of events', () => {
  let test: TestDatabase;
  let database: Database;
  let admin: pg.Client;
  let sweep: RetentionSweep;

  beforeEach(async () => {
    test = await createTestDatabase();
    database = new Database({
      url: test.url,
      config: config.database,
      schema: 'audit',
      entities: [],
      logger,
      metrics: new Metrics(),
      otherwise: { tenantId: config.platform.tenantId, across: false },
    });
    await database.start();
    admin = new pg.Client({
      connectionString: test.url,
      options: `-c search_path=audit -c app.tenant_id=${config.platform.tenantId}`,
    });
    await admin.connect();
    sweep = eventRetention('audit', database, config, new ErrorBus());
  });
  afterEach(async () => {
    await sweep.stop();
    await database.stop();
    await admin.end();
    await test.drop();
  });

  const sent = (subject: string, daysAgo: number | null, count = 1) =>
    admin.query(
      `INSERT INTO outbox (event_id, type, subject, envelope, created_at, published_at)
       SELECT gen_random_uuid(), 'a.b', $1, '{}', now() - interval '100 days', now() - $2 * interval '1 day' FROM generate_series(1, $3)`,
      [subject, daysAgo, count],
    );
  const handled = (handler: string, daysAgo: number, count = 1) =>
    admin.query(
      `INSERT INTO inbox (event_id, handler, received_at)
       SELECT gen_random_uuid(), $1, now() - $2 * interval '1 day' FROM generate_series(1, $3)`,
      [handler, daysAgo, count],
    );
  const left = async () => {
    const { rows: outbox } = await admin.query('SELECT DISTINCT subject AS name FROM outbox ORDER BY 1');
    const { rows: inbox } = await admin.query('SELECT DISTINCT handler AS name FROM inbox ORDER BY 1');
    return [outbox, inbox].map((rows) => rows.map(({ name }) => name));
  };

  it('takes out what was sent long ago, and never what waits, however old', async () => {
    await sent('long ago', 7.1);
    await sent('of late', 6.9);
    await sent('waiting', null);

    await sweep.sweep();

    expect(await left()).toEqual([['of late', 'waiting'], []]);
  });

  it('ends what was given up when its time is over', async () => {
    for (const [handler, daysAgo] of [
      ['of late', 89],
      ['long ago', 91],
    ]) {
      await admin.query(
        `INSERT INTO dead_letter (event_id, handler, envelope, reason, failed_at)
         VALUES (gen_random_uuid(), $1, '{}', 'because', now() - $2 * interval '1 day')`,
        [handler, daysAgo],
      );
    }
    await sweep.sweep();
    expect((await admin.query('SELECT handler FROM dead_letter')).rows).toEqual([{ handler: 'of late' }]);
  });

  it('remembers what was handled for as long as it could come again', async () => {
    await handled('beyond all replays', 30.1);
    await handled('as long as a topic may have it', 29.9);

    await sweep.sweep();

    expect(await left()).toEqual([[], ['as long as a topic may have it']]);
  });

  it('takes out any number, also together with another instance', async () => {
    await sent('many', 8, 5_000);
    await handled('many', 31, 4_000);
    await sent('kept', 1);
    const other = eventRetention('audit', database, config, new ErrorBus());

    await Promise.all([sweep.sweep(), other.sweep()]);

    expect(await left()).toEqual([['kept'], []]);
  });

  it('ends with its process', async () => {
    await sweep.start();
    await sweep.stop();
  });
});
