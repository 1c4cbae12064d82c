import { blog } from '@platform/blog';
import { useSubgraph } from '@platform/testkit';
import { draftOf, guest, postOf, writer } from './people.js';

const TAG =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Tag { name postCount } } }';

describe('tags', () => {
  const harness = useSubgraph(blog);

  it('are those of published posts, most used first, with their number of posts', async () => {
    const author = writer(harness);
    await postOf(author, { tags: ['common', 'rare'] });
    await postOf(author, { tags: ['common'] });
    await draftOf(author, { tags: ['common', 'unseen'] });

    const { tags } = await guest(harness).data('{ tags { name postCount } }');
    expect(tags).toEqual([
      { name: 'common', postCount: 2 },
      { name: 'rare', postCount: 1 },
    ]);
    const representations = ['Common', 'unseen', 'a\nb'].map((name) => ({ __typename: 'Tag', name }));
    const { _entities } = await guest(harness).data(TAG, { representations });
    expect(_entities).toEqual([{ name: 'common', postCount: 2 }, null, null]);
  });
});
