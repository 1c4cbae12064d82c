import { readFileSync, writeFileSync } from 'node:fs';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { KafkaBus } from '@platform/kafka';
import { describeWhereKafkaRuns, eventually, KafkaBroker, TestAuthority } from '@platform/testkit';
import { testEvent } from '../../outbox/test/event-bus-contract/index.js';

const USER = { user: 'platform', password: 'not so secret' };

describeWhereKafkaRuns('KafkaBus at brokers that speak TLS and ask who is there', () => {
  let authority: TestAuthority;
  let broker: KafkaBroker;
  const made: KafkaBus[] = [];

  beforeAll(async () => {
    authority = new TestAuthority();
    const { cert, key } = authority.issue('localhost');
    const keyStore = `${cert}.store`;
    writeFileSync(keyStore, `${readFileSync(key, 'utf8')}${readFileSync(cert, 'utf8')}`);
    broker = await KafkaBroker.create({ guard: { keyStore, ...USER } });
    await broker.start();
  }, 120_000);
  afterEach(async () => {
    const ending = made.splice(0);
    await Promise.all(ending.map((bus) => bus.consumers.stop()));
    await Promise.all(ending.map((bus) => bus.stop()));
  });
  afterAll(async () => {
    await broker?.remove();
    authority.remove();
  });

  const bus = (mechanism: string, settings: { password?: string; ca?: string } = {}): KafkaBus => {
    const { password = USER.password, ca = authority.ca.cert } = settings;
    const env = {
      KAFKA_BROKERS: broker.guardedBrokers,
      KAFKA_TOPIC_PREFIX: `${mechanism}.`,
      KAFKA_TLS_ENABLED: 'true',
      KAFKA_TLS_CA: readFileSync(ca, 'utf8'),
      KAFKA_SASL_MECHANISM: mechanism,
      KAFKA_SASL_USERNAME: USER.user,
      KAFKA_SASL_PASSWORD: password,
    };
    const config = loadConfig(processSections, { environment: 'test', env });
    const logger = createLogger({ ...config.logging, level: 'silent' });
    const publishers = [{ name: 'blog' }];
    const { kafka, events } = config;
    const carrier = new KafkaBus({
      config: kafka,
      events,
      clientId: 'test',
      publishers,
      logger,
      metrics: new Metrics(),
    });
    made.push(carrier);
    return carrier;
  };

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('carries events after a sign-in by %s', async (mechanism) => {
    const carrier = bus(mechanism);
    const seen: string[] = [];
    carrier.consume({
      group: 'blog',
      types: 'all',
      handleBatch: async (events) => {
        seen.push(...events.map(({ subject }) => subject));
        return [];
      },
    });
    await carrier.consumers.start();
    await carrier.publish([testEvent('a', 1)]);

    await eventually(() => expect(seen).toEqual(['a']));
    await carrier.check.check();
  });

  it('fails, and its check says why, with a wrong password or an authority that signed nothing', async () => {
    const wrong = bus('scram-sha-256', { password: 'guessed' });
    await expect(wrong.publish([testEvent('a', 1)])).rejects.toThrow(/authentication|SASL/i);
    await expect(wrong.check.check()).rejects.toThrow(/authentication|SASL/i);

    const stranger = new TestAuthority();
    const untrusting = bus('plain', { ca: stranger.ca.cert });
    await expect(untrusting.check.check()).rejects.toThrow(/certificate/i);
    stranger.remove();
  });
});
