import { randomBytes } from 'node:crypto';
import { describeWithKafka, describeWithRedis, eventually, type TestKafka } from '@platform/testkit';
import { DistributedPlatform } from './distributed-platform.js';
import { ADMIN, EmbeddedPlatform } from './embedded-platform.js';
import { type CollectedSpan, TraceCollector } from './trace-collector.js';

const CREATE = 'mutation Write($input: CreatePostInput!) { createPost(input: $input) { id author { username } } }';
const INPUT = { input: { title: 'Traced', content: 'From the client to the row' } };

describe('a trace', () => {
  let collector: TraceCollector;
  beforeAll(async () => {
    collector = await TraceCollector.start();
  });
  afterAll(() => collector.stop());

  describe('of a router that lets no client decide', () => {
    let platform: EmbeddedPlatform;
    beforeAll(async () => {
      platform = await EmbeddedPlatform.start({ env: { ...collector.env, ROUTER_EDGE_CONTINUE_TRACES: 'false' } });
    });
    afterAll(() => platform?.stop());

    it('begins there, and points to the trace of the client', async () => {
      const { accessToken } = await platform.signInAsAdministrator();
      const traceId = await createPost(`${platform.url}/graphql`, accessToken);
      await eventually(() => {
        const [request] = collector.linkedTo(traceId);
        expect(request).toMatchObject({ name: 'POST /graphql' });
        expect(request).not.toHaveProperty('parentSpanId');
        expect(collector.trace(request?.traceId ?? '').map(({ name }) => name)).toContain('Mutation.createPost');
      });
      expect(collector.trace(traceId)).toEqual([]);
    });
  });

  describe('of the embedded platform', () => {
    let platform: EmbeddedPlatform;
    beforeAll(async () => {
      platform = await EmbeddedPlatform.start({ env: { ...collector.env, LOGGING_LEVEL: 'debug' } });
    });
    afterAll(() => platform?.stop());

    it('runs from the client over the router, a subgraph and its statements to the effect of the event', async () => {
      const { accessToken } = await platform.signInAsAdministrator();
      const traceId = await createPost(`${platform.url}/graphql`, accessToken);

      const handled = await found(collector, traceId, ({ name }) => name === 'process blog.post.created');
      await eventually(() => {
        expect(collector.lineage(handled)).toEqual([
          'platform: process blog.post.created',
          'platform: publish blog.post.created',
          'platform: Mutation.createPost',
          'platform: fetch blog',
          'platform: graphql.execute',
          'platform: mutation',
          'platform: POST /graphql',
        ]);
      });

      const operation = await found(collector, traceId, ({ name }) => name === 'mutation');
      const tenant = { stringValue: '00000000-0000-7000-8000-000000000001' };
      expect(operation.attributes).toContainEqual({ key: 'tenant.id', value: tenant });

      const insert = await found(collector, traceId, ({ name, attributes }) => {
        const text = attributes.find(({ key }) => key === 'db.query.text')?.value['stringValue'];
        return name === 'insert blog' && String(text).includes('"post"');
      });
      expect(collector.lineage(insert)).toContain('platform: Mutation.createPost');
      const names = collector.trace(traceId).map(({ name }) => name);
      for (const stage of ['graphql.parse', 'graphql.validate', 'graphql.authorize', 'graphql.plan', 'fetch identity'])
        expect(names).toContain(stage);
    });

    it('stands in the log lines of its request, and in the audit entry', async () => {
      const { accessToken, client } = await platform.signInAsAdministrator();
      const traceId = await createPost(`${platform.url}/graphql`, accessToken);

      await eventually(async () => {
        const { auditEntries } = await client.data(
          '{ auditEntries(filter: { action: "blog.post.created" }, first: 100) { nodes { traceId } } }',
        );
        expect(auditEntries.nodes).toContainEqual({ traceId });
      });
      expect(platform.process.printed).toMatch(new RegExp(`"traceId":"${traceId}".*"operation completed"`));
    });

    it('holds no password, token or variable', () => {
      expect(collector.text).not.toContain(ADMIN.password);
      expect(collector.text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
      expect(collector.text).not.toContain(INPUT.input.content);
    });
  });
});

describeWithRedis('on Redis', (redisUrl) => {
  describeWithKafka('a trace of the distributed platform', (kafka) => distributed(redisUrl, kafka));
});

function distributed(redisUrl: string, kafka: TestKafka): void {
  let collector: TraceCollector;
  let platform: DistributedPlatform;
  beforeAll(async () => {
    collector = await TraceCollector.start();
    platform = await DistributedPlatform.start(redisUrl, {
      ...collector.env,
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
    });
  });
  afterAll(async () => {
    await platform?.stop();
    await collector?.stop();
  });

  it('goes on in the process of each subgraph, and shows what Redis was asked', async () => {
    const { accessToken } = await platform.signInAsAdministrator();
    const traceId = await createPost(`${platform.url('router')}/graphql`, accessToken);

    const insert = await found(collector, traceId, ({ service, name }) => service === 'blog' && /insert/.test(name));
    await eventually(() => {
      expect(collector.lineage(insert)).toEqual([
        'blog: insert blog',
        'blog: Mutation.createPost',
        'blog: POST /graphql',
        'router: fetch blog',
        'router: graphql.execute',
        'router: mutation',
        'router: POST /graphql',
      ]);
    });
    await found(collector, traceId, ({ service, name }) => service === 'router' && name.startsWith('redis '));
    await found(collector, traceId, ({ service, name }) => service === 'identity' && name === 'Query._entities');
  });

  it('goes on over Kafka to the effect of the event, and shows the topic', async () => {
    const { accessToken } = await platform.signInAsAdministrator();
    const traceId = await createPost(`${platform.url('router')}/graphql`, accessToken);

    const handled = await found(collector, traceId, ({ name }) => name === 'process blog.post.created');
    await eventually(() => {
      expect(collector.lineage(handled)).toEqual([
        'audit: process blog.post.created',
        'blog: publish blog.post.created',
        'blog: Mutation.createPost',
        'blog: POST /graphql',
        'router: fetch blog',
        'router: graphql.execute',
        'router: mutation',
        'router: POST /graphql',
      ]);
    });
    const published = await found(collector, traceId, ({ name }) => name === 'publish blog.post.created');
    expect(published.attributes).toEqual(
      expect.arrayContaining([
        { key: 'messaging.system', value: { stringValue: 'kafka' } },
        { key: 'messaging.destination.name', value: { stringValue: `${kafka.topicPrefix}blog.events` } },
        { key: 'messaging.operation.type', value: { stringValue: 'send' } },
      ]),
    );
  });
}

/** Creates a post as part of a new trace, whose id it answers. */
async function createPost(url: string, accessToken: string): Promise<string> {
  const traceId = randomBytes(16).toString('hex');
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${accessToken}`,
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
    },
    body: JSON.stringify({ query: CREATE, variables: INPUT }),
  });
  expect(await response.json()).toEqual({ data: { createPost: expect.anything() } });
  return traceId;
}

const found = (
  collector: TraceCollector,
  traceId: string,
  is: (span: CollectedSpan) => boolean,
): Promise<CollectedSpan> =>
  eventually(() => {
    const span = collector.trace(traceId).find(is);
    if (!span)
      throw new Error(`Not among ${collector.trace(traceId).map(({ service, name }) => `${service}: ${name}`)}`);
    return span;
  });
