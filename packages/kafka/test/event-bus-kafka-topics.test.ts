import { randomBytes } from 'node:crypto';
import { loadConfig, processSections } from '@platform/foundation/config';
import type { Logger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { KafkaBus, KafkaMetrics } from '@platform/kafka';
import { describeWithKafka, eventually } from '@platform/testkit';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { testEvent } from '../../outbox/test/event-bus-contract/index.js';

const config = loadConfig(processSections, { environment: 'test' });

describeWithKafka('KafkaBus, where topics are not as it left them,', (kafka) => {
  let admin: Admin;
  let topicPrefix: string;
  let bus: KafkaBus;
  let metrics: Metrics;
  const seen: string[] = [];
  const said: string[] = [];
  const logger = {
    debug: () => {},
    info: () => {},
    warn: (fields: unknown, message?: string) => said.push(`${JSON.stringify(fields)} ${message}`),
  } as unknown as Logger;

  beforeAll(async () => {
    admin = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
  });
  afterAll(() => admin?.disconnect());
  beforeEach(() => {
    seen.splice(0);
    said.splice(0);
    metrics = new Metrics();
    topicPrefix = `${kafka.topicPrefix}${randomBytes(4).toString('hex')}.`;
    bus = new KafkaBus({
      config: { ...config.kafka, brokers: kafka.brokers, topicPrefix, partitions: 1 },
      events: config.events,
      clientId: 'test',
      publishers: [{ name: 'blog' }],
      logger,
      metrics,
    });
    const note = (subject: string) => void seen.push(subject);
    bus.consume({
      group: 'curious',
      types: 'all',
      handleBatch: async (events) => {
        for (const { subject } of events) note(subject);
        return [];
      },
    });
    bus.onEvent('all', ({ subject }) => note(`heard ${subject}`));
  });
  afterEach(async () => {
    await bus.consumers.stop();
    await bus.stop();
  });

  const topics = () => [`${topicPrefix}blog.events`, `${topicPrefix}blog.events.dlq`];
  const makeTopics = (compression: string) =>
    admin.createTopics({
      waitForLeaders: true,
      topics: topics().map((topic) => ({ topic, configEntries: [{ name: 'compression.type', value: compression }] })),
    });
  const begin = async (): Promise<void> => {
    await bus.consumers.start();
    await bus.consumers.ready();
  };
  /** As the outbox has it: until it is sent. */
  const publish = (subject: string) => eventually(() => bus.publish([testEvent(subject, 1)]));

  /** What the brokers took into a topic while they deleted it is gone with it: others follow, until one comes through. */
  const flowsAgain = async (name: string): Promise<void> => {
    let count = 0;
    const oneComesThrough = async (): Promise<void> => {
      const subject = `${name} ${++count}`;
      await bus.publish([testEvent(subject, 1)]);
      await eventually(() => expect(seen).toEqual(expect.arrayContaining([subject, `heard ${subject}`])), {
        timeout: 5_000,
      });
    };
    await eventually(oneComesThrough, { timeout: 60_000 });
  };

  it('makes anew those that somebody deleted, says so, and has events flow again', async () => {
    await begin();
    await publish('before');
    await eventually(() => expect(seen.toSorted()).toEqual(['before', 'heard before']));

    await admin.deleteTopics({ topics: topics() });

    await flowsAgain('after');
    expect(said.filter((line) => line.includes('recreated')).length).toBeGreaterThan(0);
    await eventually(() => bus.check.check());
  });

  it('notices by itself, where nobody publishes', async () => {
    await begin();
    await admin.deleteTopics({ topics: topics() });

    await eventually(async () => expect(await admin.listTopics()).toEqual(expect.arrayContaining(topics())));
    await eventually(() => bus.check.check());
  });

  it('fails its check while one is missing', async () => {
    await expect(bus.check.check()).rejects.toThrow(`the topic ${topicPrefix}blog.events is missing`);
    await begin();
    await eventually(() => bus.check.check());
  });

  it.each(['gzip', 'zstd'])('reads what is compressed by %s', async (compression) => {
    await makeTopics(compression);
    await begin();
    await publish('small');
    await eventually(() => expect(seen.toSorted()).toEqual(['heard small', 'small']));
  });

  it('has its own kept uncompressed', async () => {
    await publish('own');
    const resource = { type: 2, name: topics()[0] as string, configNames: ['compression.type'] };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    expect(resources[0]?.configEntries).toMatchObject([{ configValue: 'uncompressed' }]);
  });

  it('says what it cannot read, counts it, and goes on once that is gone', async () => {
    await makeTopics('lz4');
    await begin();
    await publish('poison');

    await eventually(() => expect(bus.check.check()).rejects.toThrow(/curious cannot consume: .*LZ4/));
    const { values } = await metrics.of(KafkaMetrics).consumerFailures.get();
    expect(values.map(({ value }) => value).every((value) => value > 0)).toBe(true);
    expect(values.length).toBeGreaterThan(0);

    await admin.deleteTopics({ topics: topics() });
    await flowsAgain('antidote');
    await eventually(() => bus.check.check());
  });
});
