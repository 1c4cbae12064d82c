import { eventually, type ReceivedStream, streamClients } from '@platform/testkit';
import { RouterHarness } from '../http/router-harness.js';

const POSTED = 'subscription { posted { id title } }';
const OTHER_FIELD = ['title: String!', 'title: String! subtitle: String'] as const;

describe('streams, when another supergraph takes the place of theirs', () => {
  let router: RouterHarness;
  const started: ReceivedStream[] = [];

  beforeEach(async () => {
    router = new RouterHarness();
    await router.start();
  });
  afterEach(async () => {
    for (const stream of started.splice(0)) stream.stop();
    await router.stop();
  });

  async function subscribed(query: string): Promise<ReceivedStream> {
    const stream = streamClients['graphql-ws']({ url: router.url, query });
    started.push(stream);
    await eventually(() => expect(router.upstreams.size).toBe(1));
    return stream;
  }

  it('go on with the stream that they have, where the new one asks for the same', async () => {
    const stream = await subscribed('subscription { posted { id author { name } } }');
    const [before] = router.upstreams.keys();
    router.away.add('identity');
    router.emit({ id: '1', author: { id: 'ada' } });
    expect(await stream.result(0)).toMatchObject({ data: { posted: { author: { name: null } } } });

    await router.swap('{ id: ID! name: String', '{ id: ID! name: String!');
    let sent = 1;
    await eventually(async () => {
      sent += 1;
      router.emit({ id: String(sent), author: { id: 'ada' } });
      expect(await stream.result(sent - 1)).toMatchObject({ data: { posted: { author: null } } });
    });
    expect(stream.results.map(({ data }) => data.posted.id)).toEqual(
      Array.from({ length: sent }, (_, at) => String(at + 1)),
    );
    expect([...router.upstreams.keys()]).toEqual([before]);
  });

  it('tell many subscribers every event once, while several swaps follow on each other', async () => {
    const streams = Array.from({ length: 60 }, (_, index) =>
      streamClients['graphql-ws']({
        url: router.url,
        query: 'subscription ($topic: String) { posted(topic: $topic) { id } }',
        variables: { topic: `topic ${index % 12}` },
      }),
    );
    started.push(...streams);
    await eventually(() => expect(router.upstreams.size).toBe(12));
    await eventually(async () =>
      expect(await router.metrics.registry.metrics()).toContain('router_client_subscriptions 60'),
    );
    let told = 0;
    const telling = setInterval(() => {
      told += 1;
      router.emit({ id: String(told) });
    }, 10);

    for (const field of ['subtitle', 'motto', 'subtitle', 'motto']) {
      await router.swap('title: String!', `title: String! ${field}: String`);
      const before = told;
      await eventually(() => expect(told).toBeGreaterThan(before + 20));
    }
    clearInterval(telling);

    for (const stream of streams) await stream.result(told - 1);
    const all = Array.from({ length: told }, (_, at) => String(at + 1));
    for (const { results } of streams) expect(results.map(({ data }) => data.posted.id)).toEqual(all);
  });

  it('are moved to another stream where the subgraph has moved, missing and repeating nothing', async () => {
    const stream = await subscribed(POSTED);
    const [before] = router.upstreams.keys();
    router.emit({ id: '1' });
    expect(await stream.result(0)).toMatchObject({ data: { posted: { id: '1' } } });

    await router.relocate('blog');
    await eventually(() => {
      expect(router.upstreams.size).toBe(1);
      expect([...router.upstreams.keys()]).not.toContain(before);
    });
    router.emit({ id: '2' });
    router.emit({ id: '3' });
    expect(await stream.result(2)).toMatchObject({ data: { posted: { id: '3' } } });
    expect(stream.results).toHaveLength(3);
  });

  it('are shared as before, however many swaps follow on each other', async () => {
    const streams = [await subscribed(POSTED), await subscribed(POSTED)];
    const [before] = router.upstreams.keys();
    await router.swap(...OTHER_FIELD);
    await router.relocate('blog');
    await eventually(() => {
      expect(router.upstreams.size).toBe(1);
      expect([...router.upstreams.keys()]).not.toContain(before);
    });
    router.emit({ id: '1' });
    for (const stream of streams) expect(await stream.result(0)).toMatchObject({ data: { posted: { id: '1' } } });
  });

  it('end with SUPERGRAPH_CHANGED when what they select is gone', async () => {
    const stream = await subscribed(POSTED);
    await router.swap('title: String!', 'name: String!');
    expect(await stream.endCodes()).toEqual(['SUPERGRAPH_CHANGED']);
    await eventually(() => expect(router.upstreams.size).toBe(0));
  });

  it('end with UNAUTHORIZED_FIELD_OR_TYPE when their root field asks for more now', async () => {
    const stream = await subscribed(POSTED);
    await router.swap(
      'posted(topic: String): Post! @policy(policies: [["blog.post.read"]])',
      'posted(topic: String): Post! @policy(policies: [["blog.post.write"]])',
    );
    expect(await stream.endCodes()).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
  });
});
