import type { SubgraphHarness } from '@platform/testkit';

const id = (kind: number, number: number): string =>
  `01900000-000${kind}-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** The n-th of so many posts, the oldest being the first. */
export const postId = (number: number): string => id(1, number);
/** The first has written half of all posts. */
export const authorId = (number: number): string => id(2, number);
/** The newest post, which half of all comments are on. */
export const talkedOfPost = (rows: number): string => postId(rows - (rows % 20));

/** A post a minute. Half are by one author. `common` and `purple` are words of 30 % each, never of the same post; `tenth`, `thirtieth` and `seldom` are of 10, 3 and 1 %, `past` one of old posts, `rare` one of three posts. */
const POSTS = `
  WITH filler AS (
    SELECT number, string_agg(format('%L:%sC', 'w' || (power(random(), 3) * 5000)::int, place), ' ')::tsvector AS words
    FROM generate_series(0, 996) AS number, generate_series(10, 30) AS place GROUP BY number)
  INSERT INTO post (id, author_id, slug, title, content, tags, status, version, created_at, updated_at, published_at, listed_at, search)
  SELECT ('01900000-0001-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    ('01900000-0002-7000-8000-' || lpad(to_hex(CASE WHEN n % 2 = 0 THEN 1 ELSE 1 + n % ($1 / 10) END), 12, '0'))::uuid,
    'post-' || n, 'Post ' || n, repeat('Some words of content. ', 10),
    ARRAY['tag-' || n % 1000] || CASE WHEN n % 10 < 3 THEN ARRAY['common'] ELSE '{}' END || CASE WHEN n % ($1 / 3) = 1 THEN ARRAY['rare'] ELSE '{}' END,
    CASE WHEN n % 20 = 7 THEN 'DRAFT' WHEN n % 20 = 9 THEN 'ARCHIVED' ELSE 'PUBLISHED' END, 1, at, at,
    CASE WHEN n % 20 <> 7 THEN at END, at,
    ('''language:english'' ''post'':1A' || CASE WHEN n % 10 IN (0, 2, 4) THEN ' ''common'':3C,5C' WHEN n % 10 IN (1, 6, 8) THEN ' ''purple'':3C' ELSE '' END
      || CASE WHEN n % 10 = 5 THEN ' ''tenth'':4C' ELSE '' END || CASE WHEN n % 33 = 5 THEN ' ''thirtieth'':5C' ELSE '' END
      || CASE WHEN n % 100 = 3 THEN ' ''seldom'':4C' ELSE '' END || CASE WHEN n < $1 / 5 AND n % 2 = 0 THEN ' ''past'':4C' ELSE '' END
      || CASE WHEN n % ($1 / 3) = 1 THEN ' ''rare'':2A' ELSE '' END)::tsvector || filler.words
  FROM generate_series(1, $1) AS n JOIN filler ON filler.number = n % 997,
    LATERAL (SELECT '2026-01-01'::timestamptz + n * interval '1 minute' AS at) AS made
  ORDER BY n`;

const COMMENTS = `
  INSERT INTO comment (id, post_id, author_id, body, created_at)
  SELECT ('01900000-0003-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    CASE WHEN n % 2 = 0 THEN $2::uuid ELSE ('01900000-0001-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid END,
    ('01900000-0002-7000-8000-' || lpad(to_hex(1 + n % 100), 12, '0'))::uuid, 'Well said.', '2026-01-01'::timestamptz + n * interval '1 minute'
  FROM generate_series(1, $1) AS n`;

const TAG_COUNTS = `
  INSERT INTO tag_count SELECT tenant_id, tag, count(*) FROM post, unnest(tags) AS tag WHERE status = 'PUBLISHED' GROUP BY tenant_id, tag`;

/** Fills blog with so many posts and comments, as skewed as they are in life. */
// biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
export async function seedBlog(harness: SubgraphHarness<any>, rows: number): Promise<void> {
  const indexes = await harness.sql(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE schemaname = 'blog' AND indexdef LIKE '% USING gin %'`,
  );
  await harness.sql(`SET session_replication_role = replica`);
  for (const { name } of indexes) await harness.sql(`DROP INDEX ${name}`);
  await harness.sql(POSTS, [rows]);
  await harness.sql(COMMENTS, [rows, talkedOfPost(rows)]);
  await harness.sql(TAG_COUNTS);
  for (const { definition } of indexes) await harness.sql(definition);
  await harness.sql(`SET session_replication_role = origin`);
  for (const table of ['post', 'comment', 'tag_count']) await harness.sql(`VACUUM ANALYZE ${table}`);
}
