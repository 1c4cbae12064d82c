// What the cost of a request is measured on: people, posts and comments, written by SQL, and the requests themselves.
import pg from 'pg';

export const ADMIN = { email: 'admin@example.com', password: 'correct horse battery staple' };

const id = (kind, number) => `('0000000${kind}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
const moment = (steps, unit) => `date_trunc('milliseconds', now()) - ${steps} * interval '1 ${unit}'`;

const SEED = `
SET app.tenant_id = '00000000-0000-7000-8000-000000000001';
SET search_path = identity;
INSERT INTO users (id, email, email_verified, ever_verified, username, first_name, last_name, created_at, updated_at)
SELECT ${id(1, 'n')}, 'u' || n || '@example.com', true, true, 'user' || n, 'First' || n, 'Last' || n, ${moment('n', 'minute')}, now()
FROM generate_series(1, 1000) n;
SET search_path = blog;
INSERT INTO post (id, author_id, slug, title, content, tags, status, version, created_at, updated_at, published_at, listed_at)
SELECT ${id(2, 'n')}, ${id(1, '1 + n % 1000')}, 'post-' || n, 'Title of post ' || n, repeat('Some words of post ' || n || '. ', 30),
  ARRAY['tag' || n % 20, 'tag' || 20 + n % 7], 'PUBLISHED', 1, at, at, at, at
FROM (SELECT n, ${moment('n', 'minute')} AS at FROM generate_series(1, 1000) n) posts;
INSERT INTO comment (id, post_id, author_id, body, created_at)
SELECT ${id(3, 'n')}, ${id(2, '1 + n % 1000')}, ${id(1, '1 + n * 7 % 1000')}, 'Comment number ' || n, ${moment('n', 'second')}
FROM generate_series(1, 5000) n;
ANALYZE;`;

/** @param url of the database, as its superuser. */
export async function seed(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(SEED);
  await client.end();
}

const FEED = `query Feed { posts(first: 20) { nodes {
  id slug title excerpt publishedAt tags { name } author { id displayName }
  comments(first: 3) { nodes { id body createdAt author { id displayName } } }
} pageInfo { hasNextPage endCursor } } }`;
const CREATE = 'mutation Create($input: CreatePostInput!) { createPost(input: $input) { id slug } }';
const LOGIN = 'mutation Login($input: LoginInput!) { login(input: $input) { ... on AuthPayload { accessToken } } }';
const ME = '{ me { id displayName } }';

let posts = 0;

/** Each kind of request: what the platform is sent, and where the floor does the same. */
export const kinds = {
  feed: { path: '/feed', body: () => ({ query: FEED }) },
  createPost: {
    path: '/posts',
    body: () => ({ query: CREATE, variables: { input: { title: `Post ${posts++}`, content: 'A few words.' } } }),
  },
  login: { path: '/login', body: () => ({ query: LOGIN, variables: { input: ADMIN } }) },
  me: { path: '/me', body: () => ({ query: ME }) },
};
