import { describeWithKafka, describeWithRedis, eventually, type GraphQLClient } from '@platform/testkit';
import { DistributedPlatform } from './distributed-platform.js';
import { EmbeddedPlatform } from './embedded-platform.js';
import { Session } from './session.js';

const PASSWORD = 'a rather long password';
/** Only an event can put out of date what is kept for so long. */
const KEPT = { enabled: 'true', subgraphs: '{"blog":{"maxAge":"12h"}}' };
const POST = 'query ($id: ID!) { post(id: $id) { title comments { totalCount } } }';

/** A post that everybody has read is changed: those who read it from a kept answer see that. */
async function seeChanges(author: Session, readers: readonly GraphQLClient[]): Promise<void> {
  const created = await author.client.data(
    'mutation { createPost(input: { title: "Before", content: "x" }) { id version } }',
  );
  const { id } = created.createPost;
  const { publishPost } = await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { version } }', { id });
  const shown = async (expected: unknown) => {
    for (const reader of readers) {
      await eventually(async () => expect(await reader.data(POST, { id })).toEqual({ post: expected }));
    }
  };
  await shown({ title: 'Before', comments: { totalCount: 0 } });

  await author.client.data(
    'mutation ($id: ID!, $version: Int!) { updatePost(id: $id, input: { title: "After", version: $version }) { id } }',
    { id, version: publishPost.version },
  );
  await shown({ title: 'After', comments: { totalCount: 0 } });

  await author.client.data('mutation ($id: ID!) { addComment(input: { postId: $id, body: "First" }) { id } }', { id });
  await shown({ title: 'After', comments: { totalCount: 1 } });

  await author.client.data('mutation ($id: ID!) { archivePost(id: $id) { id } }', { id });
  for (const reader of readers) {
    await eventually(async () => expect(await reader.data(POST, { id })).toEqual({ post: null }));
  }
}

/** How many answers of blog the router has found kept. */
async function found(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const [, count = '0'] =
    /^router_response_cache_requests_total\{subgraph="blog",kind="root",result="hit"\} (\d+)/m.exec(text) ?? [];
  return Number(count);
}

describe('the embedded platform with caching', () => {
  let platform: EmbeddedPlatform;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start({
      set: [`router.cache.enabled=${KEPT.enabled}`, `router.cache.subgraphs=${KEPT.subgraphs}`],
    });
  });
  afterAll(() => platform?.stop());

  it('shows changes as soon as their events have come', async () => {
    const author = await platform.signUp('author@example.com', PASSWORD);
    const reader = await platform.signUp('reader@example.com', PASSWORD);
    await seeChanges(author, [platform.anonymous, reader.client]);
  });

  it('answers again from what it has kept', async () => {
    const before = await found(platform.url);
    await platform.anonymous.data('{ tags { name } }');
    await platform.anonymous.data('{ tags { name } }');
    expect(await found(platform.url)).toBe(before + 1);
  });

  it('shows an author their own drafts, and nobody else', async () => {
    const author = await platform.signUp('drafts@example.com', PASSWORD);
    const { createPost } = await author.client.data(
      'mutation { createPost(input: { title: "A draft", content: "x" }) { id } }',
    );
    const read = (client: GraphQLClient) => client.data('query ($id: ID!) { post(id: $id) { title } }', createPost);
    for (let again = 0; again < 2; again += 1) {
      expect(await read(author.client)).toEqual({ post: { title: 'A draft' } });
      expect(await read(platform.anonymous)).toEqual({ post: null });
    }
  });
});

describeWithRedis('on Redis', (redisUrl) => {
  describeWithKafka('two routers with caching, and subgraphs in processes of their own', (kafka) => {
    let platform: DistributedPlatform;

    beforeAll(async () => {
      platform = await DistributedPlatform.start(redisUrl, {
        KAFKA_BROKERS: kafka.brokers,
        KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
        ROUTER_CACHE_ENABLED: KEPT.enabled,
        ROUTER_CACHE_SUBGRAPHS: KEPT.subgraphs,
        ROUTER_CACHE_REDIS_TIMEOUT: '2s',
      });
    });
    afterAll(() => platform?.stop());

    it('show changes as soon as one of them has heard the event', async () => {
      const routers = [platform.client('router'), platform.client('second router')] as const;
      const author = await Session.signUp(platform.url('router'), routers[0], 'author@example.com', PASSWORD);
      await seeChanges(author, routers);
      await eventually(async () => {
        for (const router of routers) await router.data('{ tags { name } }');
        expect(await found(platform.url('second router'))).toBeGreaterThan(0);
      });
    });
  });
});
