import { hostname, userInfo } from 'node:os';
import { createTestDatabase, PlatformProcess, type TestDatabase } from '@platform/testkit';
import pg from 'pg';

const EVENT = '01a1fce1-1362-7751-9097-01789f6f7c14';
const TENANT = '00000000-0000-7000-8000-000000000001';
const USER = '01a1fce1-1362-7751-9097-01789f6f7c15';

/** Who runs the test. */
const OPERATOR = `${userInfo().username}@${hostname()}`;

const envelope = (data: unknown) => ({
  specversion: '1.0',
  id: EVENT,
  source: '/identity',
  type: 'platform.user.deleted',
  subject: USER,
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: 'platform.user.deleted/v1',
  tenantid: TENANT,
  resource: 'user',
  outcome: 'SUCCESS',
  data,
});

describe('platformctl events', () => {
  let database: TestDatabase;
  let admin: pg.Client;

  beforeEach(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url, options: `-c app.tenant_id=${TENANT}` });
    await admin.connect();
  });
  afterEach(async () => {
    await admin.end();
    await database.drop();
  });

  const events = (...args: string[]) =>
    PlatformProcess.run(['events', ...args], { PLATFORM_ENV: 'test', DATABASE_URL: database.url });

  const giveUp = (data: unknown) =>
    admin.query(
      `INSERT INTO blog.dead_letter (event_id, source, handler, envelope, reason) VALUES ($1, '/identity', $2, $3, $4)`,
      [...[EVENT, 'blog.anonymise-author', envelope(data), 'Error: the disk was full']],
    );

  const told = async () =>
    (await admin.query('SELECT action, resource_id, metadata FROM audit.audit_entry ORDER BY sequence')).rows;

  const publish = (time: string) =>
    admin.query(
      `INSERT INTO identity.outbox (event_id, type, subject, envelope, created_at, published_at)
       VALUES (gen_random_uuid(), 'platform.user.deleted', $1, $2, $3, $3)`,
      [USER, envelope({ userId: USER }), time],
    );

  it('list says what waits, what was published and what was given up', async () => {
    await giveUp({ userId: USER });
    await publish('2026-01-01T00:00:00Z');
    await admin.query('UPDATE identity.outbox SET published_at = NULL');

    const { code, printed } = await events('list');

    expect(printed).toMatch(/^identity +1 +\d+ s +0 +0$/m);
    expect(printed).toMatch(/^blog +0 +0 s +0 +1$/m);
    expect(code).toBe(0);
  });

  it('replay has the events of a span of time sent again', async () => {
    for (const month of ['01', '02', '03']) await publish(`2026-${month}-01T00:00:00Z`);

    const { printed } = await events(
      'replay',
      'identity',
      '--since',
      '2026-01-15T00:00:00Z',
      '--until',
      '2026-03-01T00:00:00Z',
    );

    expect(printed).toBe('1 events of identity will be sent again.\n');
    const { rows } = await admin.query(
      'SELECT to_char(created_at, $1) AS month FROM identity.outbox WHERE published_at IS NULL',
      ['MM'],
    );
    expect(rows).toEqual([{ month: '02' }]);
    const [since, until] = ['2026-01-15T00:00:00.000Z', '2026-03-01T00:00:00.000Z'];
    expect(await told()).toEqual([
      {
        action: 'platform.events.replayed',
        resource_id: 'identity',
        metadata: { since, until, operator: OPERATOR },
      },
    ]);
  });

  it('dlq lists and shows what was given up, with the reason', async () => {
    await giveUp({ userId: USER });

    expect((await events('dlq', 'list')).printed).toMatch(
      new RegExp(`^${EVENT}  blog  blog.anonymise-author  platform.user.deleted  .*Error: the disk was full$`, 'm'),
    );
    const shown = JSON.parse((await events('dlq', 'inspect', EVENT)).printed);
    expect(shown).toMatchObject({ subgraph: 'blog', reason: 'Error: the disk was full', envelope: { id: EVENT } });
  });

  it('dlq retry gives events to their handlers, and keeps those that fail again', async () => {
    await giveUp({ userId: USER });
    expect(await events('dlq', 'retry', EVENT)).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/^handled {2}/),
    });
    expect((await admin.query('SELECT handler FROM blog.inbox')).rows).toEqual([{ handler: 'blog.anonymise-author' }]);
    expect((await events('dlq', 'list')).printed).toBe('There are no dead letters.\n');
    const retried = [{ eventId: EVENT, handler: 'blog.anonymise-author' }];
    expect(await told()).toEqual([
      { action: 'platform.events.retried', resource_id: 'blog', metadata: { events: retried, operator: OPERATOR } },
    ]);

    await giveUp({ userId: 'nobody' });
    expect(await events('dlq', 'retry')).toMatchObject({ code: 1, printed: expect.stringMatching(/^failed {3}/m) });
    const { rows } = await admin.query('SELECT reason FROM blog.dead_letter');
    expect(rows).toEqual([{ reason: expect.stringContaining('Invalid UUID') }]);
  });
});
