import { randomUUID } from 'node:crypto';
import { runningServerUrl } from '@platform/embedded-postgres';
import { describeWithRedis, eventually, type GraphQLClient, streamClients } from '@platform/testkit';
import pg from 'pg';
import { DistributedPlatform } from './distributed-platform.js';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

const CREATE = 'mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id title } }';
/** The comments are read once the post has been committed. */
const CREATE_AND_READ =
  'mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id comments { totalCount } } }';
/** The author is another subgraph's, and comes later. */
const CREATE_IN_PARTS = `mutation ($title: String!) {
  createPost(input: { title: $title, content: "x" }) { id ... @defer { author { id } } }
}`;
const TITLES =
  'query ($title: String!) { posts(first: 50, filter: { status: DRAFT, search: $title }) { nodes { id title } } }';
const ROLE = 'mutation ($name: String!) { createRole(input: { name: $name, permissions: [] }) { id name } }';

/** What both topologies are asked for. */
interface Platform {
  readonly url: () => string;
  readonly client: () => GraphQLClient;
  readonly admin: () => Promise<Session>;
  /** Kills, as a crash would, the process that carries out mutations of posts, and starts it again. */
  readonly crash: () => Promise<void>;
  readonly databaseUrl: () => Promise<string>;
}

function isCarriedOutOnce(platform: Platform): void {
  let admin: Session;
  beforeAll(async () => {
    admin = await platform.admin();
  });

  const under = (key: string, client = admin.client) => client.withHeaders({ 'idempotency-key': key });
  const postsWith = async (title: string): Promise<string[]> => {
    const { posts } = await admin.client.data(TITLES, { title });
    return posts.nodes.filter((post: { title: string }) => post.title === title).map(({ id }: { id: string }) => id);
  };

  /** The parts of the answer over HTTP, whose header says the same as the first of them. */
  const inParts = async (key: string, title: string): Promise<Record<string, unknown>[]> => {
    const response = await fetch(`${platform.url()}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'multipart/mixed; deferSpec=20220824',
        authorization: `Bearer ${admin.accessToken}`,
        'idempotency-key': key,
      },
      body: JSON.stringify({ query: CREATE_IN_PARTS, variables: { title } }),
    });
    const parts = ((await response.text()).match(/^\{.*\}$/gm) ?? []).map((part) => JSON.parse(part));
    expect(response.headers.get('idempotency-replayed')).toBe('extensions' in parts[0] ? 'true' : null);
    return parts;
  };

  it('over HTTP, and says so in a header and in the extensions', async () => {
    const key = randomUUID();
    const first = await under(key).request(CREATE, { title: 'header' });
    expect([first.headers.get('idempotency-replayed'), first.errors]).toEqual([null, []]);
    const again = await under(`"${key}"`).request(CREATE, { title: 'header' });
    expect(again.data).toEqual(first.data);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await postsWith('header')).toEqual([first.data.createPost.id]);
  });

  it('over a WebSocket, with the key in the extensions', async () => {
    const request = {
      url: `${platform.url()}/graphql`,
      token: admin.accessToken,
      query: CREATE,
      variables: { title: 'socket' },
      extensions: { idempotencyKey: randomUUID() },
    };
    const answer = () => streamClients['graphql-ws'](request).result(0);
    const first = await answer();
    expect(await answer()).toEqual({ ...first, extensions: { idempotency: { replayed: true } } });
    expect(await postsWith('socket')).toHaveLength(1);
  });

  it('in parts, of which the first says so', async () => {
    const key = randomUUID();
    const [beginning, rest] = await inParts(key, 'parts');
    expect(beginning).toEqual({ data: { createPost: { id: expect.any(String) } }, hasNext: true });
    const [again, restAgain] = await inParts(key, 'parts');
    expect(again).toEqual({ ...beginning, extensions: { idempotency: { replayed: true } } });
    expect(restAgain).toEqual(rest);
    expect(await postsWith('parts')).toHaveLength(1);
  });

  it('in whichever subgraph, also when something else fails', async () => {
    const key = randomUUID();
    const name = `editor-${key.slice(0, 8)}`;
    const first = await under(key).data(ROLE, { name });
    expect(await under(key).data(ROLE, { name })).toEqual(first);
    expect(await admin.client.codes(ROLE, { name })).toEqual(['CONFLICT']);
  });

  it('and never answers one caller what another has done, or one operation what is another’s', async () => {
    const key = randomUUID();
    await under(key).data(CREATE, { title: 'keys' });
    expect(await under(key).codes(CREATE, { title: 'other' })).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(await under(key, platform.client()).codes(CREATE, { title: 'keys' })).not.toEqual([]);
    expect(await under('short').codes(CREATE, { title: 'keys' })).toEqual(['BAD_USER_INPUT']);
    expect(await under(key).data('{ me { id } }')).toEqual({ me: { id: admin.userId } });
    expect(await postsWith('keys')).toHaveLength(1);
  });

  it('when the process is killed after the commit and before the answer', async () => {
    const key = randomUUID();
    const held = new pg.Client({ connectionString: await platform.databaseUrl() });
    held.on('error', () => {});
    await held.connect();
    await held.query('BEGIN; LOCK TABLE blog.comment IN ACCESS EXCLUSIVE MODE');
    const lost = under(key)
      .request(CREATE_AND_READ, { title: 'crash' })
      .catch(() => undefined);
    await eventually(async () => expect(await postsWith('crash')).toHaveLength(1));
    await platform.crash();
    await held.end().catch(() => {});
    const answer = await lost;
    expect(answer?.data?.createPost ?? null).toBeNull();

    admin = await platform.admin();
    const [id] = await postsWith('crash');
    const again = await eventually(() => under(key).data(CREATE_AND_READ, { title: 'crash' }));
    expect(again).toEqual({ createPost: { id, comments: { totalCount: 0 } } });
    expect(await postsWith('crash')).toHaveLength(1);
  });

  it('among concurrent duplicates', async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => under(key).request(CREATE, { title: 'together' })),
    );
    const [id, ...more] = await postsWith('together');
    expect(more).toEqual([]);
    for (const { data, errors } of answers) {
      if (data.createPost) expect(data.createPost.id).toBe(id);
      else expect(errors.map(({ extensions }) => extensions.code)).toEqual(['IDEMPOTENCY_KEY_IN_USE']);
    }
  });
}

describe('a mutation with an idempotency key is carried out once', () => {
  describe('on the embedded platform', () => {
    let platform: EmbeddedPlatform;
    beforeAll(async () => {
      platform = await EmbeddedPlatform.start();
    });
    afterAll(() => platform?.stop());

    isCarriedOutOnce({
      url: () => platform.url,
      client: () => platform.anonymous,
      admin: () => platform.signInAsAdministrator(),
      crash: async () => {
        platform = await platform.crashAndRestart();
      },
      databaseUrl: () => runningServerUrl(platform.directory),
    });
  });

  describeWithRedis('on separate processes', (redisUrl) => {
    let platform: DistributedPlatform;
    beforeAll(async () => {
      platform = await DistributedPlatform.start(redisUrl, { ROUTER_BATCHING_ENABLED: 'true' });
    });
    afterAll(() => platform?.stop());

    isCarriedOutOnce({
      url: () => platform.url('router'),
      client: () => platform.client('router'),
      admin: () => platform.signInAsAdministrator(),
      crash: async () => {
        await platform.process('blog').end('SIGKILL');
        await platform.run('blog');
      },
      databaseUrl: async () => platform.databaseUrl,
    });

    it('for each operation of a batch, at either router', async () => {
      const admin = await platform.signInAsAdministrator();
      const one = (title: string) => ({ query: CREATE, variables: { title } });
      const send = async (router: string) => {
        const response = await fetch(`${platform.url(router)}/graphql`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${admin.accessToken}`,
            'idempotency-key': 'a key for a whole batch'.replaceAll(' ', '-'),
          },
          body: JSON.stringify([one('batched'), one('batched')]),
        });
        return (await response.json()) as { data: { createPost: { id: string } } }[];
      };
      const [first, second] = [await send('router'), await send('second router')];
      expect(second.map(({ data }) => data)).toEqual(first.map(({ data }) => data));
      expect(new Set(first.map(({ data }) => data.createPost.id)).size).toBe(2);
    });
  });
});
