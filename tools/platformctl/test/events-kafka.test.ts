import { randomUUID } from 'node:crypto';
import type { CloudEvent } from '@platform/events';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { KafkaBus } from '@platform/kafka';
import {
  createTestDatabase,
  describeWithKafka,
  eventually,
  PlatformProcess,
  type TestDatabase,
} from '@platform/testkit';
import pg from 'pg';

const userDeleted = (userId: unknown): CloudEvent => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/identity',
  type: 'platform.user.deleted',
  subject: 'the same user, for their order',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  dataschema: 'platform.user.deleted/v1',
  tenantid: '00000000-0000-7000-8000-000000000001',
  resource: 'user',
  outcome: 'SUCCESS',
  data: { userId },
});

/** One of the two that blog has for the event. */
const HANDLER = 'blog.anonymise-author';

describeWithKafka('platformctl events, where Kafka carries them,', (kafka) => {
  let database: TestDatabase;
  let admin: pg.Client;
  let bus: KafkaBus;
  let topicPrefix: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    const config = loadConfig(processSections, { environment: 'test' });
    topicPrefix = `${kafka.topicPrefix}${randomUUID()}.`;
    bus = new KafkaBus({
      config: { ...config.kafka, brokers: kafka.brokers, topicPrefix, partitions: 1 },
      events: config.events,
      clientId: 'test',
      publishers: ['identity', 'authz', 'audit', 'blog'].map((name) => ({ name })),
      logger: createLogger({ ...config.logging, level: 'silent' }),
      metrics: new Metrics(),
    });
  });
  afterEach(async () => {
    await bus.stop();
    await admin.end();
    await database.drop();
  });

  const env = () => ({
    PLATFORM_ENV: 'test',
    DATABASE_URL: database.url,
    KAFKA_BROKERS: kafka.brokers,
    KAFKA_TOPIC_PREFIX: topicPrefix,
  });
  const replay = (...args: string[]) => PlatformProcess.run(['events', 'replay', 'identity', ...args], env());
  const notes = async () =>
    (await admin.query(`SELECT event_id, received_at FROM blog.inbox WHERE handler = '${HANDLER}' ORDER BY event_id`))
      .rows;
  const topic = () => `${topicPrefix}identity.events`;

  it('replay --to has the handlers of one subgraph catch up, takes no effect twice, and does it once more where it is told to', async () => {
    const events = [userDeleted(randomUUID()), userDeleted(randomUUID())];
    const ids = events.map(({ id }) => id).sort();
    await bus.publish(events);

    const first = await replay('--to', 'blog');
    expect(first.printed).toBe(`2 events of ${topic()}: blog handled 4, had 0 already, gave up 0.\n`);
    const noted = await notes();
    expect(noted.map(({ event_id }) => event_id)).toEqual(ids);

    const second = await replay('--to', 'blog', '--handler', HANDLER);
    expect(second.printed).toBe(`2 events of ${topic()}: blog handled 0, had 2 already, gave up 0.\n`);
    expect(await notes()).toEqual(noted);

    const third = await replay('--to', 'blog', '--again');
    expect(third).toMatchObject({
      code: 0,
      printed: `2 events of ${topic()}: blog handled 4, had 0 already, gave up 0.\n`,
    });
    expect((await notes()).map(({ event_id }) => event_id)).toEqual(ids);
    expect((await notes())[0].received_at.getTime()).toBeGreaterThan(noted[0].received_at.getTime());
  });

  it('replay --to takes a stretch of the topic by time or by offset, and one type', async () => {
    const [early, late] = [userDeleted(randomUUID()), userDeleted(randomUUID())];
    await bus.publish([early]);
    const between = Date.now() + 1;
    await eventually(() => expect(Date.now()).toBeGreaterThan(between));
    await bus.publish([late, { ...userDeleted(randomUUID()), type: 'platform.user.locked' }]);
    const time = new Date(between).toISOString();
    const handled = async (...args: string[]) => {
      const { printed } = await replay('--to', 'blog', ...args);
      expect(printed).toMatch(/gave up 0\.\n$/);
      const ids = (await notes()).map(({ event_id }) => event_id);
      await admin.query('DELETE FROM blog.inbox');
      return ids;
    };

    expect(await handled('--since', time)).toEqual([late.id]);
    expect(await handled('--until', time)).toEqual([early.id]);
    expect(await handled('--offset', '1', '--partition', '0')).toEqual([late.id]);
    expect(await handled('--partition', '7')).toEqual([]);
    expect(await handled('--type', 'platform.user.locked')).toEqual([]);
  });

  it('replay --to fails where a handler gives up, and says why', async () => {
    const event = userDeleted('nobody');
    await bus.publish([event]);

    const { code, printed } = await replay('--to', 'blog', '--handler', HANDLER);

    expect(code).toBe(1);
    expect(printed).toMatch(new RegExp(`^failed {2}${event.id} {2}blog.anonymise-author {2}.*Invalid UUID`, 'ms'));
    expect((await admin.query('SELECT event_id FROM blog.dead_letter')).rows).toEqual([{ event_id: event.id }]);
  });

  it('list shows how far groups are behind at the topics that they read', async () => {
    await bus.publish([userDeleted(randomUUID())]);

    const { printed } = await PlatformProcess.run(['events', 'list'], env());

    const lags = printed
      .split('\n')
      .map((line) => line.replaceAll(topicPrefix, '').split(/ +/))
      .filter(([group, name]) => group !== undefined && name?.endsWith('.events'));
    expect(lags).toEqual([
      ['identity', 'identity.events', '1'],
      ['authz', 'identity.events', '1'],
      ['audit', 'identity.events', '1'],
      ['audit', 'authz.events', '0'],
      ['audit', 'audit.events', '0'],
      ['audit', 'blog.events', '0'],
      ['blog', 'identity.events', '1'],
    ]);
  });

  it('replay says what it cannot do', async () => {
    await bus.publish([userDeleted(randomUUID())]);
    const unknown = await replay('--to', 'blog', '--handler', 'blog.forget');
    expect(unknown.code).toBe(1);
    expect(unknown.printed).toContain(
      'blog has no handler blog.forget; it has blog.anonymise-author, blog.erase-event-copies, blog.erase-organization.',
    );

    const pointless = await replay('--again');
    expect(pointless.code).toBe(1);
    expect(pointless.printed).toContain('--again needs --to');

    const { code, printed } = await PlatformProcess.run(['events', 'replay', 'identity', '--to', 'blog'], {
      PLATFORM_ENV: 'test',
      DATABASE_URL: database.url,
    });
    expect(code).toBe(1);
    expect(printed).toContain('There are no Kafka brokers');
  });
});
