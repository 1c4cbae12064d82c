import type { Caller } from '@platform/auth';
import { blog } from '@platform/blog';
import { TIMEOUT_HEADER } from '@platform/foundation/request-bounds';
import { useSubgraph } from '@platform/testkit';
import pg from 'pg';
import { CALLERS } from './walk/calls.js';

const CREATE = 'mutation { createPost(input: { title: "A", content: "A" }) { id version } }';
const UPDATE = `mutation ($id: ID!, $version: Int!) { updatePost(id: $id, input: { version: $version, title: "B" }) { title } }`;

describe('a change of a row that somebody else keeps locked', () => {
  const harness = useSubgraph(blog, { set: ['database.lockTimeout=200ms', 'events.relay=false'] });

  it('is refused as busy while the request has time left, and goes through afterwards', async () => {
    const client = harness.as(CALLERS[0] as Caller, { [TIMEOUT_HEADER]: '60000' });
    const { createPost } = await client.data(CREATE);
    const locker = new pg.Client({ connectionString: harness.databaseUrl });
    await locker.connect();
    try {
      await locker.query('BEGIN');
      await locker.query('SELECT FROM blog.post WHERE id = $1 FOR UPDATE', [createPost.id]);
      const { extensions } = await client.error(UPDATE, createPost);
      expect(extensions).toMatchObject({ code: 'SERVICE_BUSY', retryAfter: 1 });
    } finally {
      await locker.end();
    }
    expect((await client.data(UPDATE, createPost)).updatePost.title).toBe('B');
    expect(harness.unexpected).toEqual([]);
  });
});
