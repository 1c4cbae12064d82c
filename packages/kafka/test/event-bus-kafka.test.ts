import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { type CloudEvent, EventMetrics, type Publisher } from '@platform/events';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { KafkaBus, KafkaMetrics } from '@platform/kafka';
import { describeWithKafka, eventually } from '@platform/testkit';
import { Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { eventBusContract, testEvent } from '../../outbox/test/event-bus-contract/index.js';

const config = loadConfig(processSections, { environment: 'test' });
const logger = createLogger({ ...config.logging, level: 'silent' });

/** In bytes: a batch of one such message is as large as the broker takes by default. */
const LARGEST_MESSAGE = 1_048_500;

describeWithKafka('KafkaBus', (kafka) => {
  const made: KafkaBus[] = [];

  const end = async (): Promise<void> => {
    const ending = made.splice(0);
    await Promise.all(ending.map((bus) => bus.consumers.stop()));
    await Promise.all(ending.map((bus) => bus.stop()));
  };
  afterEach(end);

  const instances = () => {
    const topicPrefix = `${kafka.topicPrefix}${randomBytes(4).toString('hex')}.`;
    const instance = (
      settings: Partial<typeof config.kafka> = {},
      metrics = new Metrics(),
      publishers: readonly Publisher[] = [{ name: 'blog' }],
    ) => {
      const bus = new KafkaBus({
        config: { ...config.kafka, brokers: kafka.brokers, topicPrefix, partitions: 3, ...settings },
        events: config.events,
        clientId: 'test',
        publishers,
        logger,
        metrics,
      });
      made.push(bus);
      const begin = async (): Promise<void> => {
        await bus.consumers.start();
        await bus.consumers.ready();
      };
      return { bus, begin };
    };
    return { topicPrefix, instance, end };
  };

  eventBusContract(instances);

  const messages = async (topic: string, count: number): Promise<KafkaMessage[]> => {
    const client = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
    const consumer = client.consumer({ groupId: `${topic}.reader`, maxWaitTimeInMs: 50 });
    const found: KafkaMessage[] = [];
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void found.push(message) });
    try {
      await eventually(() => expect(found.length).toBeGreaterThanOrEqual(count));
    } finally {
      await consumer.disconnect();
    }
    return found;
  };

  /** What a group that wants everything is given, as far as it has come. */
  const seenBy = (bus: KafkaBus, what: (event: CloudEvent) => string): string[] => {
    const seen: string[] = [];
    bus.consume({
      group: 'curious',
      types: 'all',
      handleBatch: async (events) => {
        seen.push(...events.map(what));
        return [];
      },
    });
    return seen;
  };

  it('sends CloudEvents whose key is the aggregate within its tenant, with headers that tell type, tenant and trace', async () => {
    const { topicPrefix, instance } = instances();
    const { bus } = instance();
    const event: CloudEvent = { ...testEvent('thing-1', 1), requestid: 'r-1', traceparent: '00-a-b-01' };
    await bus.publish([event]);

    const [message] = await messages(`${topicPrefix}blog.events`, 1);

    expect(message?.key?.toString()).toBe(`${event.tenantid}/thing-1`);
    expect(JSON.parse(message?.value?.toString() ?? '')).toEqual(event);
    const headers = Object.entries(message?.headers ?? {}).map(([name, value]) => [name, value?.toString()]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      ce_type: event.type,
      tenant: event.tenantid,
      traceparent: '00-a-b-01',
    });
  });

  it('sends what was given up, and what is no event, to the topic of dead letters with the reason', async () => {
    const { topicPrefix, instance } = instances();
    const { bus, begin } = instance();
    const delivered: unknown[] = [];
    const event = testEvent('thing', 1);
    bus.consume({
      group: 'blog',
      types: 'all',
      handleBatch: async (events) => {
        delivered.push(...events.map(({ id }) => id));
        return events.map((given) => ({ event: given, handler: 'test.poisoned', reason: 'cannot swallow this' }));
      },
    });
    await begin();
    const client = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
    const producer = client.producer();
    await producer.connect();
    await producer.send({ topic: `${topicPrefix}blog.events`, messages: [{ value: 'no event' }] });
    await producer.disconnect();
    await bus.publish([event]);

    const dead = await messages(`${topicPrefix}blog.events.dlq`, 2);

    const told = dead.map(({ value, headers }) => [
      value?.toString(),
      headers?.['dlq-handler']?.toString(),
      headers?.['dlq-reason']?.toString(),
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        [JSON.stringify(event), 'test.poisoned', 'cannot swallow this'],
        ['no event', 'blog', expect.stringContaining('JSON')],
      ]),
    );
    expect(delivered).toEqual([event.id]);
  });

  it.each([
    ['names another module as its source', { type: 'blog.test.counted', source: '/identity' }, 'is from /identity'],
    ['has a type of another module', { type: 'platform.user.deleted' }, 'which is of identity'],
    ['has a type that its module does not publish', { type: 'blog.test.invented' }, 'publishes no blog.test.invented'],
    ['has an id that is none', { type: 'blog.test.counted', id: 'x' }, 'id'],
    ['is of a time that cannot be recorded', { type: 'blog.test.counted', time: '0000-01-01T00:00:00Z' }, 'time'],
    ['has a subject that no index takes', { type: 'blog.test.counted', subject: 'x'.repeat(201) }, 'subject'],
  ])('believes no event that %s, whoever wrote it into the topic', async (_, forged, reason) => {
    const { topicPrefix, instance } = instances();
    const publishers = [
      { name: 'blog', types: ['blog.test.counted'] },
      { name: 'identity', types: ['platform.user.deleted'] },
    ];
    const metrics = new Metrics();
    const { bus, begin } = instance({}, metrics, publishers);
    const seen = seenBy(bus, ({ subject }) => subject);
    bus.onEvent('all', ({ subject }) => seen.push(`heard ${subject}`));
    await begin();
    const value = JSON.stringify({ ...testEvent('forged', 1), ...forged });
    await bus.publish([testEvent('before', 1)]);
    const producer = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    await producer.send({
      topic: `${topicPrefix}blog.events`,
      messages: [{ value, headers: { ce_type: forged.type } }],
    });
    await producer.disconnect();

    const [dead] = await messages(`${topicPrefix}blog.events.dlq`, 1);

    expect(dead?.value?.toString()).toBe(value);
    expect(dead?.headers?.['dlq-reason']?.toString()).toContain(reason);
    await eventually(() => expect(seen.toSorted()).toEqual(['before', 'heard before']));
    const { values } = await metrics.of(EventMetrics).eventsDeadLettered.get();
    expect(values.reduce((sum, { value: count }) => sum + count, 0)).toBe(1);
  });

  it('goes on behind a message that is too large for the dead letters', async () => {
    const { topicPrefix, instance } = instances();
    const { bus, begin } = instance({ partitions: 1 });
    const seen = seenBy(bus, ({ subject }) => subject);
    await begin();
    await bus.publish([testEvent('before', 1)]);
    const producer = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    await producer.send({ topic: `${topicPrefix}blog.events`, messages: [{ value: 'x'.repeat(LARGEST_MESSAGE) }] });
    await producer.disconnect();
    await bus.publish([testEvent('after', 1)]);

    await eventually(() => expect(seen).toEqual(['before', 'after']));
    const [dead] = await messages(`${topicPrefix}blog.events.dlq`, 1);
    expect(dead?.value).toBeNull();
    expect(dead?.headers?.['dlq-reason']?.toString()).toContain('JSON');
  });

  it('takes ids in any case, and gives them in lower case', async () => {
    const { instance } = instances();
    const { bus, begin } = instance();
    const seen = seenBy(bus, ({ id }) => id);
    await begin();
    const event = testEvent('thing', 1);
    await bus.publish([{ ...event, id: event.id.toUpperCase(), tenantid: event.tenantid.toUpperCase() }]);
    await eventually(() => expect(seen).toEqual([event.id]));
  });

  it('leaves topics as they are when they have fewer partitions than the configuration, says so, and works with them', async () => {
    const warn = jest.spyOn(logger, 'warn');
    const { topicPrefix, instance } = instances();
    const { bus: first } = instance();
    await first.publish([testEvent('thing', 1)]);
    const { bus: second, begin } = instance({ partitions: 5 });
    const seen: unknown[] = [];
    second.consume({
      group: 'blog',
      types: 'all',
      handleBatch: async (events) => {
        seen.push(...events.map(({ data }) => (data as { count: number }).count));
        return [];
      },
    });
    await begin();

    await second.publish([testEvent('thing', 2)]);

    await eventually(() => expect(seen).toEqual([1, 2]));

    expect(warn).toHaveBeenCalledWith(
      { difference: `${topicPrefix}blog.events has 3 partitions, and kafka.partitions is 5` },
      'topic differs from configuration; leaving it unchanged',
    );
  });

  it('hands what an instance did not finish to the others of its group when it leaves', async () => {
    const { instance } = instances();
    const seen: string[] = [];
    const subscriber = (name: string, stuck: boolean) => ({
      group: 'blog',
      types: 'all' as const,
      handleBatch: async (events: readonly CloudEvent[]) => {
        if (stuck) throw new Error('the database is away');
        seen.push(...events.map(({ subject }) => `${name} ${subject}`));
        return [];
      },
    });
    const stuck = instance();
    stuck.bus.consume(subscriber('stuck', true));
    await stuck.begin();
    await stuck.bus.publish([testEvent('a', 1), testEvent('b', 1), testEvent('c', 1)]);
    await stuck.bus.consumers.stop();

    const next = instance();
    next.bus.consume(subscriber('next', false));
    await next.begin();

    await eventually(() => expect(seen.sort()).toEqual(['next a', 'next b', 'next c']));
  });

  it('gets nothing twice from an instance that has left in order, although offsets are committed now and then', async () => {
    const { instance } = instances();
    const seen: string[] = [];
    const subscriber = {
      group: 'blog',
      types: 'all' as const,
      handleBatch: async (events: readonly CloudEvent[]) => {
        seen.push(...events.map(({ subject }) => subject));
        return [];
      },
    };
    const first = instance({ commitInterval: 3_600_000 });
    first.bus.consume(subscriber);
    await first.begin();
    await first.bus.publish([testEvent('a', 1), testEvent('b', 1), testEvent('c', 1)]);
    await eventually(() => expect(seen.sort()).toEqual(['a', 'b', 'c']));
    await first.bus.consumers.stop();

    const second = instance();
    second.bus.consume(subscriber);
    await second.begin();
    await second.bus.publish(['a', 'b', 'c'].map((subject) => testEvent(`${subject} again`, 2)));

    await eventually(() => expect(seen.sort()).toEqual(['a', 'a again', 'b', 'b again', 'c', 'c again']));
  });

  it('goes on with other partitions while the events of one take long, and keeps what follows in that one in order', async () => {
    const { instance } = instances();
    const seen: string[] = [];
    const done = Promise.withResolvers<void>();
    const { bus, begin } = instance();
    bus.consume({
      group: 'blog',
      types: 'all',
      handleBatch: async (events) => {
        seen.push(...events.map(({ subject, data }) => `${subject} ${(data as { count: number }).count}`));
        if (events.some(({ subject }) => subject === 'slow')) await done.promise;
        return [];
      },
    });
    await begin();
    await bus.publish([testEvent('slow', 1)]);
    await eventually(() => expect(seen).toEqual(['slow 1']));

    for (let count = 1; count <= 3; count += 1) {
      await bus.publish(Array.from({ length: 10 }, (_, thing) => testEvent(`thing-${thing}`, count)));
      await bus.publish([testEvent('slow', count + 1)]);
    }
    await eventually(() => expect(seen.filter((event) => event.endsWith(' 1')).length).toBeGreaterThan(1));
    expect(seen).not.toContain('slow 2');

    done.resolve();
    await eventually(() => expect(seen).toHaveLength(34));
    expect(seen.filter((event) => event.startsWith('slow'))).toEqual(['slow 1', 'slow 2', 'slow 3', 'slow 4']);
  });

  it('fetches for a group now and then, and for live readers at once', async () => {
    const { instance } = instances();
    const { bus, begin } = instance({ minFetchInterval: 400 });
    const handled: { readonly at: number; readonly subject: string }[] = [];
    const heard: number[] = [];
    bus.consume({
      group: 'blog',
      types: 'all',
      handleBatch: async (events) => {
        handled.push(...events.map(({ subject }) => ({ at: performance.now(), subject })));
        return [];
      },
    });
    bus.onEvent('all', () => heard.push(performance.now()));
    await begin();

    for (let thing = 0; thing < 15; thing += 1) {
      await bus.publish([testEvent(`thing-${thing}`, 1)]);
      await wait(60);
    }
    await eventually(() => expect([handled.length, heard.length]).toEqual([15, 15]));

    const moments = (times: readonly number[]) =>
      times.filter((at, index) => index === 0 || at - (times[index - 1] as number) > 30);
    const fetches = moments(handled.map(({ at }) => at));
    for (const [index, at] of fetches.slice(1).entries()) expect(at - (fetches[index] as number)).toBeGreaterThan(300);
    expect(moments(heard).length).toBeGreaterThan(fetches.length);
    expect(new Set(handled.map(({ subject }) => subject)).size).toBe(15);
  });

  it('reads a topic for who listens later, where nobody has listened before', async () => {
    const { instance } = instances();
    const { bus, begin } = instance();
    await begin();
    await bus.publish([testEvent('early', 1)]);
    const heard: string[] = [];
    const leave = bus.onEvent(['blog.test.counted'], ({ subject }) => heard.push(subject));
    await bus.consumers.ready();

    await bus.publish([testEvent('late', 2)]);
    await eventually(() => expect(heard).toEqual(['late']));

    leave();
    bus.onEvent(['blog.test.counted'], ({ subject }) => heard.push(`${subject}, told to another`));
    await bus.publish([testEvent('later', 3)]);
    await eventually(() => expect(heard).toEqual(['late', 'later, told to another']));
  });

  it('has a group read the topics of those modules alone that publish what it wants', async () => {
    const { topicPrefix, instance } = instances();
    const metrics = new Metrics();
    const publishers = [
      { name: 'blog', types: ['blog.test.counted'] },
      { name: 'shop', types: ['shop.test.sold'] },
      { name: 'abroad' },
    ];
    const { bus, begin } = instance({ lagInterval: 100 }, metrics, publishers);
    const handleBatch = async () => [];
    bus.consume({ group: 'choosy', types: ['blog.test.counted'], handleBatch });
    bus.consume({ group: 'curious', types: ['unheard.of.yet'], handleBatch });
    await begin();

    await eventually(async () => {
      const { values } = await metrics.of(KafkaMetrics).consumerLag.get();
      const read = (group: string) =>
        values
          .filter(({ labels }) => labels.group === `${topicPrefix}${group}`)
          .map(({ labels }) => String(labels.topic).slice(topicPrefix.length));
      expect(read('choosy')).toEqual(['blog.events', 'abroad.events']);
      expect(read('curious')).toEqual(['blog.events', 'shop.events', 'abroad.events']);
    });
  });

  it('measures how many events a group has not handled yet', async () => {
    const { topicPrefix, instance } = instances();
    const metrics = new Metrics();
    const { bus, begin } = instance({ lagInterval: 100 }, metrics);
    const mayHandle = Promise.withResolvers<void>();
    bus.consume({ group: 'blog', types: 'all', handleBatch: () => mayHandle.promise.then(() => []) });
    await begin();
    await bus.publish([testEvent('a', 1), testEvent('b', 1)]);
    const lag = async (): Promise<number | undefined> => {
      const { values } = await metrics.of(KafkaMetrics).consumerLag.get();
      return values.find(({ labels }) => labels.group === `${topicPrefix}blog`)?.value;
    };

    await eventually(async () => expect(await lag()).toBe(2));
    mayHandle.resolve();
    await eventually(async () => expect(await lag()).toBe(0));
  });
});
