import { setTimeout as wait } from 'node:timers/promises';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

const CLIENTS = 50;
const SECONDS = 3;
/** How much longer than alone half of the feeds may take, on a machine that does other things as well. Without shares it is fifty times. */
const FACTOR = 5;

const FEED = `query ($first: Int!) { posts(first: $first) { nodes {
  id title excerpt author { id displayName } tags { name } comments(first: 3) { nodes { id body } }
} } }`;

type Ask = (unique: number) => readonly [query: string, variables?: Record<string, unknown>];

/** What anybody may ask for at some cost. No two are alike, so that none is answered along with another. */
const KINDS: Record<string, Ask> = {
  introspection: (unique) => [
    `{ __schema { types { n${unique}: name fields { name args { name type { name } } } } } }`,
  ],
  search: (unique) => [
    'query ($search: String!) { posts(first: 20, filter: { search: $search }) { totalCount nodes { id } } }',
    { search: `harbour ${unique}` },
  ],
  counts: (unique) => [`{ a${unique}: posts(first: 1) { totalCount nodes { id } } }`],
  'large answers': (unique) => [
    'query ($length: Int!) { posts(first: 100) { nodes { id content excerpt(length: $length) author { displayName } } } }',
    { length: 100 + (unique % 500) },
  ],
  'new documents': (unique) => [`{ posts(first: 5) { nodes { id t${unique}: title author { displayName } } } }`],
  aliases: (unique) => [
    `{ ${Array.from({ length: 20 }, (_, at) => `a${unique}_${at}: posts(first: 20) { nodes { id title author { displayName } } }`).join(' ')} }`,
  ],
  'failing logins': (unique) => [
    'mutation ($input: LoginInput!) { login(input: $input) { ... on AuthPayload { accessToken } } }',
    { input: { email: `nobody${unique}@example.com`, password: 'not the right password' } },
  ],
};

describe('somebody who signed in, beside fifty clients that did not', () => {
  let platform: EmbeddedPlatform;
  let administrator: Session;
  let unique = 0;
  let alone: number;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start({ set: ['server.admission=true'] });
    administrator = await platform.signInAsAdministrator();
    for (let index = 0; index < 100; index += 1) {
      const { createPost } = await administrator.client.data(
        'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }',
        { input: { title: `Harbour ${index}`, content: 'A lantern in the harbour. '.repeat(100), tags: ['harbour'] } },
      );
      await administrator.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: createPost.id });
    }
    await medianFeed();
    alone = await medianFeed();
  });
  afterAll(() => platform?.stop());

  /** In ms. */
  async function medianFeed(): Promise<number> {
    const times: number[] = [];
    for (const end = performance.now() + SECONDS * 1000; performance.now() < end; ) {
      const since = performance.now();
      await administrator.client.data(FEED, { first: 15 + (times.length % 5) });
      times.push(performance.now() - since);
      await wait(20);
    }
    return times.sort((one, other) => one - other)[times.length >> 1] as number;
  }

  it.each(Object.entries(KINDS))('is answered about as fast beside %s', async (_, ask) => {
    const stopped = new AbortController();
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!stopped.signal.aborted) {
        unique += 1;
        const { errors } = await platform.anonymous.request(...ask(unique));
        if (errors.length > 0) await wait(500);
      }
    });
    await wait(1500);
    const beside = await medianFeed();
    stopped.abort();
    await Promise.all(clients);
    expect(beside).toBeLessThan(FACTOR * alone + 50);
  });
});
