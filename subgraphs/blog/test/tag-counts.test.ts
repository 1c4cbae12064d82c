import { blog } from '@platform/blog';
import { type SubgraphClient, useSubgraph } from '@platform/testkit';
import fc from 'fast-check';
import { ARCHIVE, DELETE, PUBLISH, UPDATE } from './operations.js';
import { draftOf, guest, moderator, writer } from './people.js';

const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), tags }),
  fc.record({ kind: fc.constantFrom('publish' as const, 'archive' as const, 'delete' as const), post: fc.nat() }),
  fc.record({ kind: fc.constant('tag' as const), post: fc.nat(), tags }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('the numbers of posts of tags', () => {
  const harness = useSubgraph(blog, { set: ['events.relay=false'] });

  const counted = () => harness.sql('SELECT name, posts FROM tag_count ORDER BY name');
  const recounted = () =>
    harness.sql(
      `SELECT name, count(*)::int AS posts FROM post, unnest(tags) AS name WHERE status = 'PUBLISHED' GROUP BY name ORDER BY name`,
    );

  /** What fails, such as publishing what was deleted, changes nothing. */
  async function take(editor: SubgraphClient, posts: string[], given: Step): Promise<void> {
    if (given.kind === 'create') {
      posts.push((await draftOf(editor, { tags: given.tags })).id);
      return;
    }
    const id = posts[given.post % Math.max(posts.length, 1)];
    if (given.kind === 'publish') await editor.request(PUBLISH, { id });
    else if (given.kind === 'archive') await editor.request(ARCHIVE, { id });
    else if (given.kind === 'delete') await editor.request(DELETE, { id });
    else if (given.kind === 'tag') {
      const [row] = await harness.sql('SELECT version FROM post WHERE id = $1', [id]);
      await editor.request(UPDATE, { id, input: { tags: given.tags, version: row?.version ?? 1 } });
    }
  }

  it('are what a recount finds, whatever is done to posts at once', async () => {
    const editor = harness.as({
      ...writer(harness).caller,
      permissions: new Set([...writer(harness).caller.permissions, ...moderator(harness).caller.permissions]),
    });
    const posts: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 8 }), async (turns) => {
        for (const turn of turns) await Promise.all(turn.map((each) => take(editor, posts, each)));
        expect(await counted()).toEqual(await recounted());
      }),
      { numRuns: 25 },
    );
    expect(harness.unexpected).toEqual([]);
  });

  it('stay right when an author is deleted, and many posts are changed by one statement', async () => {
    for (const names of [['x', 'y'], ['y', 'x'], ['x']]) {
      const author = writer(harness);
      await author.data(PUBLISH, { id: (await draftOf(author, { tags: names })).id });
    }
    await harness.sql(
      `UPDATE post SET author_id = NULL; UPDATE post SET tags = tags || '{z,z}' WHERE 'x' = ANY (tags)`,
    );
    expect(await counted()).toEqual(
      (await recounted()).map(({ name, posts }) => ({ name, posts: name === 'z' ? posts / 2 : posts })),
    );
    await harness.sql(`DELETE FROM post`);
    expect(await counted()).toEqual([]);
    expect((await guest(harness).data('{ tags { name } }')).tags).toEqual([]);
  });
});
