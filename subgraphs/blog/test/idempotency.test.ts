import { randomUUID } from 'node:crypto';
import { anonymousCaller, userCaller } from '@platform/auth';
import { postDeleted } from '@platform/contracts';
import { createLogger } from '@platform/foundation/logging';
import { Database } from '@platform/postgres/database';
import { idempotencyRetention, MAX_KEYS_PER_CALLER } from '@platform/postgres/idempotency';
import type { SubgraphResponse } from '@platform/subgraph-client/endpoints';
import { useSubgraph } from '@platform/testkit';
import { blog as definition } from '../src/main.js';

const CREATE = `mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id slug status version } }`;
const PERMISSIONS = [
  'blog.post.create',
  'blog.post.update',
  'blog.post.delete',
  'blog.post.read',
  'blog.comment.create',
];

type Blog = ReturnType<typeof useSubgraph<typeof definition.sections>>;

describe('a mutation that is sent again with its idempotency key', () => {
  const blog = useSubgraph(definition);
  const ada = randomUUID();

  const under = (key: string, userId = ada, more: Record<string, string> = {}) =>
    blog.as(userCaller(userId, null, tenant(), PERMISSIONS), { 'idempotency-key': key, ...more });
  const tenant = () => blog.config.platform.tenantId;
  const titled = async (title: string): Promise<number> =>
    (await blog.sql('SELECT FROM post WHERE title = $1', [title])).length;

  it('is carried out once, announced once, and answered alike', async () => {
    const key = randomUUID();
    const first = await under(key).request(CREATE, { title: 'Once' });
    const again = await under(key).request(CREATE, { title: 'Once' });

    expect(first.extensions).toBeUndefined();
    expect(again).toEqual({ data: first.data, extensions: { idempotencyReplayed: true } });
    expect(await titled('Once')).toBe(1);
    expect((await blog.outbox()).filter(({ subject }) => subject === idIn(first))).toHaveLength(1);
  });

  it('is carried out once among twenty at the same moment; who is too early to be answered hears so', async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => under(key).request(CREATE, { title: 'Together' })),
    );

    expect(await titled('Together')).toBe(1);
    const ids = answers.flatMap(({ data }) => (data?.createPost ? [idIn({ data })] : []));
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(1);
    const codes = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions?.code));
    expect(new Set([...codes, 'IDEMPOTENCY_KEY_IN_USE'])).toEqual(new Set(['IDEMPOTENCY_KEY_IN_USE']));
    expect(ids.length + codes.length).toBe(20);
  });

  it('is carried out once for each field of the document', async () => {
    const key = randomUUID();
    const both = `mutation {
      a: createPost(input: { title: "Twins", content: "x" }) { id }
      b: createPost(input: { title: "Twins", content: "x" }) { id }
    }`;
    const first = await under(key).data(both);
    expect(first.a.id).not.toBe(first.b.id);
    expect(await under(key).data(both)).toEqual(first);
    expect(await titled('Twins')).toBe(2);
  });

  it('is refused when it is another operation, whatever its field is called', async () => {
    const key = randomUUID();
    await under(key).data(CREATE, { title: 'Mine' });
    expect((await under(key).error(CREATE, { title: 'Other' })).extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
    const other = 'mutation { other: createPost(input: { title: "Other", content: "x" }) { id } }';
    expect((await under(key).error(other)).extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await titled('Other')).toBe(0);
  });

  it('has nothing to do with the same key of somebody else', async () => {
    const key = randomUUID();
    const first = await under(key).data(CREATE, { title: 'Shared' });
    const other = await under(key, randomUUID()).request(CREATE, { title: 'Shared' });
    expect(other.extensions).toBeUndefined();
    expect(idIn(other)).not.toBe(first.createPost.id);

    const guest = (ip: string) =>
      blog.as(anonymousCaller(tenant(), PERMISSIONS), { 'idempotency-key': key, 'x-client-ip': ip });
    const guests = ['192.0.2.1', '192.0.2.2', '192.0.2.1'];
    for (const ip of guests) await guest(ip).request(CREATE, { title: 'By a guest' });
    expect(await titled('By a guest')).toBe(2);
  });

  it('runs when the first attempt was refused: nothing of that was kept', async () => {
    const key = randomUUID();
    const add = 'mutation ($postId: ID!) { addComment(input: { postId: $postId, body: "x" }) { id } }';
    const postId = randomUUID();
    expect((await under(key).error(add, { postId })).extensions.code).toBe('POST_NOT_FOUND');
    expect((await under(key).error(add, { postId })).extensions.code).toBe('POST_NOT_FOUND');
  });

  it('is not carried out again when what it made is gone; a deletion stays one', async () => {
    const [made, removed] = [randomUUID(), randomUUID()];
    const { createPost } = await under(made).data(CREATE, { title: 'Gone' });
    const remove = 'mutation ($id: ID!) { deletePost(id: $id) }';
    expect(await under(removed).data(remove, { id: createPost.id })).toEqual({ deletePost: true });
    expect(await under(removed).data(remove, { id: createPost.id })).toEqual({ deletePost: true });
    expect((await under(made).error(CREATE, { title: 'Gone' })).extensions.code).toBe('IDEMPOTENT_RESULT_GONE');
    expect(await titled('Gone')).toBe(0);
    const deletions = (await blog.outbox()).filter(({ type }) => type === postDeleted.type);
    expect(deletions.filter(({ subject }) => subject === createPost.id)).toHaveLength(1);
  });

  it('leaves behind neither the key nor what was written', async () => {
    const key = randomUUID();
    await under(key).data(CREATE, { title: 'A secret title' });
    const rows = await blog.sql('SELECT idempotency_keys::text AS row FROM idempotency_keys');
    for (const { row } of rows) {
      expect(row).not.toContain(key);
      expect(row).not.toContain('secret');
    }
  });

  it('runs again where a key is no use', async () => {
    const { createPost } = await under(randomUUID()).data(CREATE, { title: 'Covered' });
    const key = randomUUID();
    const ask = `mutation ($id: ID!) { uploadCoverImage(postId: $id, input: { contentType: "image/png", size: 100 }) { id } }`;
    const links = [
      await under(key).data(ask, { id: createPost.id }),
      await under(key).data(ask, { id: createPost.id }),
    ];
    expect(new Set(links.map(({ uploadCoverImage }) => uploadCoverImage.id)).size).toBe(2);
  });

  it('is forgotten when its time is over, and beyond the keys that one caller may have', async () => {
    const count = async () => Number((await blog.sql('SELECT count(*) FROM idempotency_keys'))[0].count);
    await blog.sql("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'");
    await clear(blog);
    expect(await count()).toBe(0);

    const key = randomUUID();
    await under(key).data(CREATE, { title: 'First' });
    await blog.sql(
      `INSERT INTO idempotency_keys (key, step, owner, operation)
       SELECT sha256(n::text::bytea), step, owner, operation FROM idempotency_keys, generate_series(1, $1) AS n`,
      [MAX_KEYS_PER_CALLER],
    );
    await under(randomUUID()).data(CREATE, { title: 'Last' });
    await under(randomUUID()).data(CREATE, { title: 'Last' });
    expect(await count()).toBeLessThanOrEqual(MAX_KEYS_PER_CALLER + 1);
  });
});

const idIn = ({ data }: SubgraphResponse): unknown => (data?.['createPost'] as { id: string } | undefined)?.id;

async function clear({ config, databaseUrl, errors, metrics }: Blog): Promise<void> {
  const logger = createLogger(config.logging);
  const connected = new Database({
    url: databaseUrl,
    config: config.database,
    schema: 'blog',
    entities: [],
    logger,
    metrics,
  });
  await connected.start();
  await idempotencyRetention('blog', connected, config.idempotency.retention, errors).sweep();
  await connected.stop();
}
