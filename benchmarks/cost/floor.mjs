// The least that each kind of request takes on Node.js: a Fastify server that asks PostgreSQL by hand-written statements and answers the
// same JSON. No GraphQL, no permissions, no second service. `node floor.mjs DATABASE_URL HASH`; prints its port.
import { randomUUID } from 'node:crypto';
import argon2 from 'argon2';
import Fastify from 'fastify';
import pg from 'pg';

const [, , connectionString, hash] = process.argv;
const pool = new pg.Pool({ connectionString, max: 10 });
const server = Fastify();

const one = (name, text, values) => pool.query({ name, text, values });
const people = async (ids) => {
  const { rows } = await one(
    'people',
    'SELECT id, username, first_name, last_name FROM identity.users WHERE id = ANY($1)',
    [ids],
  );
  return new Map(
    rows.map((user) => [user.id, { id: user.id, displayName: `${user.first_name} ${user.last_name}`.trim() }]),
  );
};

server.post('/feed', async () => {
  const { rows: posts } = await one(
    'posts',
    `SELECT id, slug, title, content, published_at, tags, author_id FROM blog.post
     WHERE status = 'PUBLISHED' ORDER BY listed_at DESC, id DESC LIMIT 21`,
  );
  const { rows: comments } = await one(
    'comments',
    `SELECT comment.* FROM unnest($1::uuid[]) AS parent(id) CROSS JOIN LATERAL (
       SELECT id, post_id, body, created_at, author_id FROM blog.comment WHERE post_id = parent.id ORDER BY created_at, id LIMIT 4
     ) comment`,
    [posts.map((post) => post.id)],
  );
  const byPost = Map.groupBy(comments, (comment) => comment.post_id);
  const users = await people([...new Set([...posts, ...comments].map((row) => row.author_id))]);
  const nodes = posts.slice(0, 20).map((post) => ({
    id: post.id,
    slug: post.slug,
    title: post.title,
    excerpt: post.content.slice(0, 200),
    publishedAt: post.published_at,
    tags: post.tags.map((name) => ({ name })),
    author: users.get(post.author_id),
    comments: {
      nodes: (byPost.get(post.id) ?? []).slice(0, 3).map((comment) => ({
        id: comment.id,
        body: comment.body,
        createdAt: comment.created_at,
        author: users.get(comment.author_id),
      })),
    },
  }));
  return { data: { posts: { nodes, pageInfo: { hasNextPage: posts.length > 20, endCursor: nodes.at(-1)?.id } } } };
});

server.post('/posts', async ({ body }) => {
  const { title, content } = body.variables.input;
  const id = randomUUID();
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query({
      name: 'insert',
      text: `INSERT INTO floor.post (id, slug, title, content) VALUES ($1, $2, $3, $4)`,
      values: [id, id, title, content],
    });
    await client.query({
      name: 'audit',
      text: 'INSERT INTO floor.audit (id, entry) VALUES ($1, $2)',
      values: [randomUUID(), JSON.stringify({ action: 'post.created', id, title })],
    });
    await client.query('COMMIT');
  } finally {
    client.release();
  }
  return { data: { createPost: { id, slug: id } } };
});

server.post('/login', async ({ body }) => {
  if (!(await argon2.verify(hash, body.variables.input.password))) throw new Error('Not the password');
  return { data: { login: { accessToken: randomUUID() } } };
});

server.post('/me', async () => {
  const { rows } = await one('me', 'SELECT id, username FROM identity.users LIMIT 1');
  return { data: { me: { id: rows[0].id, displayName: rows[0].username } } };
});

await pool.query(`CREATE SCHEMA IF NOT EXISTS floor;
  CREATE TABLE IF NOT EXISTS floor.post (id uuid PRIMARY KEY, slug text UNIQUE, title text, content text);
  CREATE TABLE IF NOT EXISTS floor.audit (id uuid PRIMARY KEY, entry jsonb)`);
await server.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`Listening on ${server.server.address().port}\n`);
