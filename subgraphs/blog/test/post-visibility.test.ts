import { blog } from '@platform/blog';
import { type SubgraphClient, useSubgraph } from '@platform/testkit';
import { ARCHIVE, CREATE, POST, POST_BY_SLUG, POSTS } from './operations.js';
import { draftOf, guest, moderator, postOf, writer } from './people.js';

const ENTITY = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Post { id title } }
}`;

describe('who sees a post', () => {
  const harness = useSubgraph(blog);
  let author: SubgraphClient;
  beforeAll(() => {
    author = writer(harness);
  });
  const readers = {
    author: () => author,
    moderator: () => moderator(harness),
    'another writer': () => writer(harness),
    guest: () => guest(harness),
  };
  const make = {
    DRAFT: () => draftOf(author),
    PUBLISHED: () => postOf(author),
    ARCHIVED: async () => (await author.data(ARCHIVE, { id: (await postOf(author)).id })).archivePost,
  };

  it.each([
    ['DRAFT', 'author', true],
    ['DRAFT', 'moderator', true],
    ['DRAFT', 'another writer', false],
    ['DRAFT', 'guest', false],
    ['PUBLISHED', 'author', true],
    ['PUBLISHED', 'moderator', true],
    ['PUBLISHED', 'another writer', true],
    ['PUBLISHED', 'guest', true],
    ['ARCHIVED', 'author', true],
    ['ARCHIVED', 'moderator', true],
    ['ARCHIVED', 'another writer', false],
    ['ARCHIVED', 'guest', false],
  ] as const)('%s, %s: %s', async (status, who, seen) => {
    const { id, slug } = await make[status]();
    const reader: SubgraphClient = readers[who]();

    expect((await reader.data(POST, { id })).post?.id).toBe(seen ? id : undefined);
    expect((await reader.data(POST_BY_SLUG, { slug })).postBySlug?.id).toBe(seen ? id : undefined);
    const { _entities } = await reader.data(ENTITY, { representations: [{ __typename: 'Post', id }] });
    expect(_entities[0]?.id).toBe(seen ? id : undefined);
    const { posts } = await reader.data(POSTS, { filter: { status }, first: 100 });
    expect(posts.nodes.some((post: { id: string }) => post.id === id)).toBe(seen);
  });

  it('lists published posts alone unless another status is asked for', async () => {
    const [draft, published] = [await draftOf(author), await postOf(author)];
    const { posts } = await author.data(POSTS, { filter: { authorId: author.caller.userId }, first: 100 });
    const ids = posts.nodes.map(({ id }: { id: string }) => id);
    expect(ids).toContain(published.id);
    expect(ids).not.toContain(draft.id);
  });

  it('needs the permission to read, also for posts reached as entities', async () => {
    const { id } = await postOf(author);
    const nobody = harness.asAnonymous([]);
    expect((await nobody.error(POST, { id })).extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    const { errors, data } = await nobody.request(ENTITY, { representations: [{ __typename: 'Post', id }] });
    expect(errors?.map(({ extensions }) => extensions?.code)).toContain('UNAUTHORIZED_FIELD_OR_TYPE');
    expect(data?._entities).toEqual([null]);
  });

  it('needs the permission to create', async () => {
    const error = await guest(harness).error(CREATE, { input: { title: 'No', content: 'No' } });
    expect(error.extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    expect((await harness.outbox()).filter(({ data }) => data.authorId === null)).toEqual([]);
  });
});
