import { blog } from '@platform/blog';
import { DatabaseMetrics } from '@platform/postgres/database';
import { useSubgraph } from '@platform/testkit';
import { commentOn, guest, postOf, writer } from './people.js';

const LIST = `query ($first: Int) {
  posts(first: $first) {
    nodes {
      id author { id posts(first: 2) { nodes { id } totalCount } } tags { name postCount }
      comments(first: 1) { nodes { id body author { id } post { id title } } totalCount pageInfo { hasNextPage } }
      recent: comments(last: 1) { nodes { body } pageInfo { hasPreviousPage } }
    }
    totalCount
  }
}`;
const FIFTY = `{
  posts(first: 50) { nodes { id title author { id } tags { name } comments(first: 20) { nodes { body author { id } } } } }
}`;
const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Post { id } ... on Comment { id post { id } } ... on Tag { postCount } ... on User { posts { totalCount } }
  }
}`;

describe('the number of SQL statements', () => {
  const harness = useSubgraph(blog, { set: ['events.relay=false'] }); // its polling would be counted
  const representations: Record<string, string>[] = [];

  beforeAll(async () => {
    for (let number = 0; number < 50; number += 1) {
      const author = writer(harness);
      const { id } = await postOf(author, { tags: [`tag ${number}`, 'all'] });
      const comment = await commentOn(author, id, 'First');
      harness.clock.advance(1);
      await commentOn(author, id, 'Second');
      representations.push(
        { __typename: 'Post', id },
        { __typename: 'Comment', id: comment.id },
        { __typename: 'Tag', name: `tag ${number}` },
        { __typename: 'User', id: author.caller.userId as string },
      );
    }
  });

  async function statements(query: string, variables: Record<string, unknown>) {
    const before = await total();
    const data = await guest(harness).data(query, variables);
    return { count: (await total()) - before, data };
  }

  async function total(): Promise<number> {
    const { values } = await harness.metrics.of(DatabaseMetrics).databaseQueryDuration.get();
    return values.filter(({ metricName }) => metricName?.endsWith('_count')).reduce((sum, { value }) => sum + value, 0);
  }

  it('of a list does not grow with it', async () => {
    const few = await statements(LIST, { first: 5 });
    const many = await statements(LIST, { first: 50 });

    expect(many.data.posts.nodes).toHaveLength(50);
    for (const { id, comments, recent, tags, author } of many.data.posts.nodes) {
      expect(comments.nodes).toMatchObject([{ body: 'First', post: { id } }]);
      expect(comments).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
      expect(recent).toEqual({ nodes: [{ body: 'Second' }], pageInfo: { hasPreviousPage: true } });
      expect(tags).toEqual([
        { name: expect.any(String), postCount: 1 },
        { name: 'all', postCount: 50 },
      ]);
      expect(author.posts.totalCount).toBe(1);
    }
    expect(few.count).toBeGreaterThan(0);
    expect(many.count).toBe(few.count);
    expect(many.count).toBeLessThanOrEqual(9);
  });

  it('of fifty posts with author, tags, comments and their authors is two', async () => {
    const { count, data } = await statements(FIFTY, {});
    expect(data.posts.nodes).toHaveLength(50);
    for (const { author, tags, comments } of data.posts.nodes) {
      expect([author.id, ...comments.nodes.map((comment: { author: { id: string } }) => comment.author.id)]).toEqual(
        Array(3).fill(author.id),
      );
      expect(tags).toHaveLength(2);
    }
    expect(count).toBe(2);
  });

  it('of entities does not grow with their number', async () => {
    const few = await statements(ENTITIES, { representations: representations.slice(0, 8) });
    const many = await statements(ENTITIES, { representations });

    expect(many.data._entities).toHaveLength(200);
    expect(many.data._entities).not.toContain(null);
    expect(many.count).toBe(few.count);
  });
});
