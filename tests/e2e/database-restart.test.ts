import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@platform/embedded-postgres';
import { describeWithRedis, eventually } from '@platform/testkit';
import pg from 'pg';
import { DistributedPlatform } from './distributed-platform.js';
import { fetchAgain } from './recipes/fetch-again.js';

const CREATE = 'mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id } }';
const DRAFTS = `query ($after: String) {
  posts(first: 100, after: $after, filter: { status: DRAFT }) { nodes { id title } pageInfo { hasNextPage endCursor } }
}`;
const WRITERS = 8;
const POSTS_EACH = 15;

/** A PostgreSQL that the test ends and starts again, under one URL. */
class OwnPostgres {
  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly folder: string,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'platform-restart-'));
    await chmod(folder, 0o755);
    const server = new EmbeddedPostgres({ dataDirectory: folder });
    await server.start();
    return new OwnPostgres(server, folder);
  }

  get url(): string {
    return this.server.url;
  }

  /** Ends it as a crash would, with whatever it was about, and starts it again. */
  async crashAndRestart(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => {});
    await client.connect();
    const { rows } = await client.query('SHOW data_directory');
    const [pid] = (await readFile(join(rows[0].data_directory, 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGQUIT');
    await this.server.stop();
    await this.server.start();
  }

  async remove(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

describeWithRedis('PostgreSQL that ends and starts again under load, with separate processes', (redisUrl) => {
  let postgres: OwnPostgres;
  let platform: DistributedPlatform;

  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    platform = await DistributedPlatform.start(redisUrl, { DATABASE_URL: postgres.url });
  }, 240_000);
  afterAll(async () => {
    await platform?.stop();
    await postgres?.remove();
  });

  it('loses nothing that was acknowledged, and doubles nothing that was sent again', async () => {
    const admin = await platform.signInAsAdministrator();
    const acknowledged = new Map<string, string>();
    const write = async (title: string): Promise<void> => {
      const response = await fetchAgain(`${platform.url('router')}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.accessToken}` },
        body: JSON.stringify({ query: CREATE, variables: { title } }),
      });
      const { data, errors } = (await response.json()) as { data?: { createPost?: { id: string } }; errors?: unknown };
      if (!data?.createPost) throw new Error(JSON.stringify(errors));
      acknowledged.set(title, data.createPost.id);
    };
    const writer = async (number: number): Promise<void> => {
      for (let post = 0; post < POSTS_EACH; post += 1) await write(`Post ${number}-${post}`);
    };
    const load = Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
    for (const count of [20, 60]) {
      await eventually(() => expect(acknowledged.size).toBeGreaterThan(count), { timeout: 120_000 });
      await postgres.crashAndRestart();
    }
    await load;

    const stored = await drafts();
    expect(stored.map(({ title }) => title).toSorted()).toEqual([...acknowledged.keys()].toSorted());
    expect(new Set(stored.map(({ id }) => id))).toEqual(new Set(acknowledged.values()));
    expect(acknowledged.size).toBe(WRITERS * POSTS_EACH);
  }, 300_000);

  async function drafts(): Promise<{ id: string; title: string }[]> {
    const { client } = await platform.signInAsAdministrator();
    const nodes: { id: string; title: string }[] = [];
    for (let after: string | null = null; ; ) {
      const { posts } = await client.data(DRAFTS, { after });
      nodes.push(...posts.nodes);
      if (!posts.pageInfo.hasNextPage) return nodes;
      after = posts.pageInfo.endCursor;
    }
  }
});
