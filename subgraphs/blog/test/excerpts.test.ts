import { blog } from '@platform/blog';
import { useSubgraph } from '@platform/testkit';
import { postOf, writer } from './people.js';

const EXCERPT = 'query ($id: ID!, $length: Int) { post(id: $id) { excerpt(length: $length) } }';

describe('excerpt', () => {
  const harness = useSubgraph(blog);
  const excerpt = async (content: string, length?: number | null) => {
    const author = writer(harness);
    const { id } = await postOf(author, { content });
    return (await author.data(EXCERPT, { id, length })).post.excerpt;
  };

  it.each([
    ['Short enough.', 200, 'Short enough.'],
    ['One two three four', 12, 'One two…'],
    ['Onetwothreefour', 6, 'Onetw…'],
    ['🖋🖋🖋🖋', 4, '🖋🖋🖋🖋'],
    ['Anything', 0, ''],
    [
      '# Heading\n\n* **bold** and _soft_ [link](https://example.com) `code` snake_case',
      200,
      'Heading bold and soft link code snake_case',
    ],
    ['<p class="x">Tags</p> go, ![image](i.png) texts stay, 1 < 2', 200, 'Tags go, image texts stay, 1 < 2'],
  ])('of %j within %i characters', async (content, length, expected) => {
    expect(await excerpt(content, length)).toBe(expected);
  });

  it('has 200 characters unless told otherwise', async () => {
    const content = 'word '.repeat(100);
    expect((await excerpt(content)).length).toBeLessThanOrEqual(200);
    expect(await excerpt(content, null)).toBe(await excerpt(content, 200));
  });

  it.each([-1, 1_001])('refuses the length %i', async (length) => {
    const author = writer(harness);
    const { id } = await postOf(author);
    const error = await author.error(EXCERPT, { id, length });
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { length: expect.any(String) } });
  });

  it('takes no longer than it should for content made to be slow', async () => {
    const started = performance.now();
    for (const hostile of ['[', '![', '<a', '_', '*', '# ', '(', '\n'].map((mark) => mark.repeat(30_000))) {
      await excerpt(`x${hostile}`, 1_000);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
