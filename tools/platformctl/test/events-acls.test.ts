import { readFileSync, writeFileSync } from 'node:fs';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { aclDifference, aclsFor, applyAcls, KafkaBus, kafkaClient, printedAcl, withAdmin } from '@platform/kafka';
import {
  createTestDatabase,
  describeWhereKafkaRuns,
  eventually,
  KafkaBroker,
  PlatformProcess,
  TestAuthority,
  type TestDatabase,
} from '@platform/testkit';
import pg from 'pg';
import { testEvent } from '../../../packages/outbox/test/event-bus-contract/index.js';

const MODULES = ['identity', 'authz', 'audit', 'blog'];
const ADMINISTRATOR = { user: 'administrator', password: 'not so secret' };
const PASSWORD = 'of its own';

describeWhereKafkaRuns('platformctl events acls', () => {
  let database: TestDatabase;
  let authority: TestAuthority;
  let broker: KafkaBroker;
  const made: KafkaBus[] = [];

  const envOf = (username: string, password = PASSWORD) => ({
    KAFKA_BROKERS: broker.guardedBrokers,
    KAFKA_TOPIC_PREFIX: 'guarded.',
    KAFKA_TLS_ENABLED: 'true',
    KAFKA_TLS_CA: readFileSync(authority.ca.cert, 'utf8'),
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  });
  const configOf = (username: string) => loadConfig(processSections, { environment: 'test', env: envOf(username) });
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    PlatformProcess.run(['events', 'acls', ...args], { PLATFORM_ENV: 'test', DATABASE_URL: database.url, ...env });
  const logger = createLogger({ level: 'silent', format: 'json' });
  const busOf = (name: string): KafkaBus => {
    const { kafka, events } = configOf(name);
    const publishers = MODULES.map((each) => ({ name: each }));
    const bus = new KafkaBus({ config: kafka, events, clientId: name, publishers, logger, metrics: new Metrics() });
    made.push(bus);
    return bus;
  };

  /** What the audit log tells of. */
  const entries = async (): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT metadata FROM audit.audit_entry WHERE action = 'platform.events.acls_set' ORDER BY sequence`,
    );
    await client.end();
    return rows.map(({ metadata }) => metadata);
  };

  beforeAll(async () => {
    authority = new TestAuthority();
    const { cert, key } = authority.issue('localhost');
    const keyStore = `${cert}.store`;
    writeFileSync(keyStore, `${readFileSync(key, 'utf8')}${readFileSync(cert, 'utf8')}`);
    const others = { audit: PASSWORD, blog: PASSWORD, identity: PASSWORD, router: PASSWORD };
    broker = await KafkaBroker.create({ guard: { keyStore, ...ADMINISTRATOR, others } });
    await broker.start();
    database = await createTestDatabase();
    const { code, printed } = await run(['--apply'], envOf(ADMINISTRATOR.user, ADMINISTRATOR.password));
    expect(printed).toMatch(/\d+ ACLs are set\.\n$/);
    expect(code).toBe(0);
  }, 120_000);
  afterEach(async () => {
    const ending = made.splice(0);
    await Promise.all(ending.map((bus) => bus.consumers.stop()));
    await Promise.all(ending.map((bus) => bus.stop()));
  });
  afterAll(async () => {
    await broker?.remove();
    await database?.drop();
    authority.remove();
  });

  it('prints what each principal may do, and says what is missing where there are no brokers', async () => {
    const { printed } = await run([]);
    const writers = printed.split('\n').filter((line) => /WRITE .* blog\.events$/.test(line));
    expect(writers).toEqual(['User:blog  WRITE  TOPIC LITERAL blog.events']);
    const { code, printed: refused } = await run(['--apply']);
    expect(refused).toContain('There are no Kafka brokers (KAFKA_BROKERS)');
    expect(code).toBe(1);
  });

  it('takes away what a principal may not do any more, and leaves alone what is set already', async () => {
    const environment = envOf(ADMINISTRATOR.user, ADMINISTRATOR.password);
    const { kafka } = loadConfig(processSections, { environment: 'test', env: environment });
    const reading = (prefix: string) =>
      aclsFor(prefix, MODULES, [{ name: 'blog', consumes: [`${prefix}audit.events`], listensTo: [] }]);
    const [surplus, foreign] = [reading('guarded.'), reading('somebody.')];
    const lost = await withAdmin(kafkaClient(kafka, 'administrator', logger), async (admin) => {
      await applyAcls(admin, { missing: [...surplus, ...foreign], surplus: [] });
      await run(['--apply'], environment);
      await run(['--apply'], environment);
      const [own, others] = [await aclDifference(admin, surplus), await aclDifference(admin, foreign)];
      return [...own.missing, ...others.missing].map(printedAcl);
    });

    expect(lost).toEqual([
      'User:blog  READ  TOPIC LITERAL guarded.audit.events',
      'User:blog  WRITE  TOPIC LITERAL guarded.audit.events.dlq',
    ]);
    expect(await entries()).toEqual([
      { added: expect.any(Number), removed: 0, operator: expect.any(String) },
      { added: 0, removed: 2, operator: expect.any(String) },
    ]);
  });

  it('lets the bus carry a module’s events to the groups of others, to listeners, and what they give up to the dead letters', async () => {
    const [blog, audit, router] = [busOf('blog'), busOf('audit'), busOf('router')];
    const seen: string[] = [];
    audit.consume({
      group: 'audit',
      types: 'all',
      handleBatch: async (events) => {
        seen.push(...events.map(({ subject }) => subject));
        return events.map((event) => ({ event, handler: 'test.poisoned', reason: 'cannot swallow this' }));
      },
    });
    router.onEvent('all', ({ subject }) => seen.push(`heard ${subject}`));
    for (const { consumers } of [audit, router]) {
      await consumers.start();
      await consumers.ready();
    }
    await blog.publish([testEvent('a', 1)]);

    await eventually(() => expect(seen.toSorted()).toEqual(['a', 'heard a']));
    await blog.check.check();
  });

  it('lets no module write to the topic of another', async () => {
    const forged = { ...testEvent('a', 1), source: '/identity' };
    await expect(busOf('blog').publish([forged])).rejects.toThrow(/authoriz/i);
    await expect(busOf('router').publish([forged])).rejects.toThrow(/authoriz/i);
  });

  it('lets no module read what it does not consume', async () => {
    const consumer = kafkaClient(configOf('identity').kafka, 'identity', logger).consumer({
      groupId: 'guarded.identity',
    });
    const crashed = new Promise((done) => consumer.on('consumer.crash', ({ payload }) => done(payload.error)));
    await consumer.connect();
    await consumer.subscribe({ topics: ['guarded.blog.events'] });
    await consumer.run({ eachMessage: async () => {} });
    expect(String(await crashed)).toMatch(/authorized/i);
    await consumer.disconnect();
  });

  it('lets no module join the group of another', async () => {
    const consumer = kafkaClient(configOf('blog').kafka, 'blog', logger).consumer({ groupId: 'guarded.identity' });
    await consumer.connect();
    await consumer.subscribe({ topics: ['guarded.blog.events'] });
    const crashed = new Promise((done) => consumer.on('consumer.crash', ({ payload }) => done(payload.error)));
    await consumer.run({ eachMessage: async () => {} });
    expect(String(await crashed)).toMatch(/authorized|coordinator/i);
    await consumer.disconnect();
  });
});
