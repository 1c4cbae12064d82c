import { randomUUID } from 'node:crypto';
import { type CloudEvent, defineEvent } from '@platform/events';
import { loadConfig, processSections } from '@platform/foundation/config';
import { ErrorBus } from '@platform/foundation/errors';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { type EventHandler, eraseEventCopies, InboxConsumer, onEvent, onEveryEvent } from '@platform/outbox';
import { Database } from '@platform/postgres/database';
import { ACROSS_TENANTS } from '@platform/postgres/tenancy';
import { createTestDatabase, type TestDatabase } from '@platform/testkit';
import pg from 'pg';
import { z } from 'zod';

const titled = defineEvent({
  type: 'platform.test.titled',
  resource: 'note',
  data: z.object({ authorId: z.uuid(), title: z.string(), code: z.string() }),
  personal: { members: ['title'], of: 'authorId' },
});
const personal = new Map([[titled.type, titled.personal]]);
const config = loadConfig(processSections, { environment: 'test' });

describe('the copies of an event that a schema keeps', () => {
  let test: TestDatabase;
  let database: Database;
  let admin: pg.Client;

  beforeEach(async () => {
    test = await createTestDatabase();
    const logger = createLogger({ ...config.logging, level: 'silent' });
    const options = { url: test.url, config: config.database, schema: 'blog', entities: [] };
    database = new Database({ ...options, logger, metrics: new Metrics(), otherwise: ACROSS_TENANTS });
    await database.start();
    admin = new pg.Client({ connectionString: test.url });
    await admin.connect();
    await admin.query(`SET search_path TO blog; SET app.tenant_id TO '${config.platform.tenantId}'`);
  });
  afterEach(async () => {
    await database.stop();
    await admin.end();
    await test.drop();
  });

  const eventOf = (authorId: string, also: Partial<CloudEvent> = {}): CloudEvent => ({
    specversion: '1.0',
    id: randomUUID(),
    source: '/blog',
    type: titled.type,
    subject: randomUUID(),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    dataschema: `${titled.type}/v1`,
    tenantid: config.platform.tenantId,
    resource: 'note',
    outcome: 'SUCCESS',
    actor: authorId,
    clientip: '192.0.2.7',
    useragent: 'Their browser',
    data: { authorId, title: 'What they wrote', code: 'A1' },
    ...also,
  });
  const giveUp = (reason: string): EventHandler =>
    onEvent('test.give-up', titled, () => Promise.reject(new Error(reason)));
  const consumerOf = (handler: EventHandler): InboxConsumer => {
    const settings = { ...config.events, maxAttempts: 1 };
    return new InboxConsumer('blog', handler, database, settings, { errors: new ErrorBus(), metrics: new Metrics() });
  };
  const erase = (id: string): Promise<void> => database.transaction((tx) => eraseEventCopies(tx, id, personal));
  const letters = async (): Promise<{ envelope: CloudEvent; reason: string; source: string }[]> =>
    (await admin.query('SELECT envelope, reason, source FROM dead_letter ORDER BY failed_at')).rows;

  it('tell nothing personal of somebody who is gone, and still fit their definition', async () => {
    const [gone, other] = [randomUUID(), randomUUID()];
    const consumer = consumerOf(giveUp('cannot take "What they wrote"'));
    for (const author of [gone, other]) await consumer.handleBatch([eventOf(author)]);
    for (const event of [eventOf(gone), eventOf(other), eventOf(other, { actor: gone })]) {
      await admin.query('INSERT INTO outbox (event_id, type, subject, envelope) VALUES ($1, $2, $3, $4)', [
        event.id,
        event.type,
        event.subject,
        event,
      ]);
    }

    await erase(gone);

    const ofGone = { actor: gone, data: { authorId: gone, title: '', code: 'A1' } };
    const ofOther = { clientip: '192.0.2.7', useragent: 'Their browser', data: { title: 'What they wrote' } };
    const [erased, kept] = await letters();
    expect(erased).toMatchObject({ envelope: ofGone, reason: 'Error: cannot take "…"' });
    expect(kept).toMatchObject({ envelope: ofOther, reason: 'Error: cannot take "What they wrote"' });
    const { rows } = await admin.query('SELECT envelope FROM outbox ORDER BY position');
    expect(rows.map(({ envelope }) => envelope)).toMatchObject([ofGone, ofOther, { data: ofOther.data }]);
    for (const { envelope } of [erased, rows[0], rows[2]]) {
      expect(envelope).not.toHaveProperty('clientip');
      expect(envelope).not.toHaveProperty('useragent');
    }
    titled.data.parse(erased?.envelope.data);
  });

  it('of an event that is given up after somebody has gone tell nothing personal of them either', async () => {
    const gone = randomUUID();
    await erase(gone);

    await consumerOf(giveUp('cannot take "What they wrote"')).handleBatch([eventOf(gone)]);

    const [letter] = await letters();
    expect(letter).toMatchObject({ envelope: { data: { title: '', code: 'A1' } }, reason: 'Error: cannot take "…"' });
    expect(JSON.stringify(letter)).not.toContain('192.0.2.7');
  });

  it('are kept apart where modules gave their events the same id, and so are the effects', async () => {
    const [own, foreign] = ['/blog', '/identity'].map((source) => eventOf(randomUUID(), { id: SAME, source }));
    const seen: string[] = [];
    const remember = onEveryEvent('test.remember', async ({ source }) => void seen.push(source));

    await consumerOf(remember).handleBatch([foreign as CloudEvent]);
    await consumerOf(remember).handleBatch([own as CloudEvent, foreign as CloudEvent]);
    await consumerOf(giveUp('no')).handleBatch([own as CloudEvent, foreign as CloudEvent]);

    expect(seen).toEqual(['/identity', '/blog']);
    expect((await letters()).map(({ source }) => source).toSorted()).toEqual(['/blog', '/identity']);
  });

  it('of before sources were noted keep their event from having its effect again', async () => {
    await admin.query(`INSERT INTO inbox (event_id, handler) VALUES ($1, 'test.remember')`, [SAME]);
    const seen: string[] = [];
    const remember = onEveryEvent('test.remember', async ({ id }) => void seen.push(id));
    const fresh = eventOf(randomUUID());

    await consumerOf(remember).handleBatch([eventOf(randomUUID(), { id: SAME }), fresh]);

    expect(seen).toEqual([fresh.id]);
  });

  it('can be made of whatever is given up: texts that PostgreSQL does not take are changed', async () => {
    const authorId = randomUUID();
    const event = eventOf(authorId, { data: { authorId, title: 'a\0b', 'c\0d': ['\0'], code: 'A1' } });

    expect(await consumerOf(giveUp('cannot take a\0b')).handleBatch([event])).toHaveLength(1);

    const [letter] = await letters();
    expect(letter).toMatchObject({
      envelope: { data: { title: 'a�b', 'c�d': ['�'] } },
      reason: 'Error: cannot take a�b',
    });
  });
});

const SAME = '0190f0f0-0000-7000-8000-000000000001';
