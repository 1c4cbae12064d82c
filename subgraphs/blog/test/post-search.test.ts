import { readFile } from 'node:fs/promises';
import { blog } from '@platform/blog';
import { useSubgraph } from '@platform/testkit';
import { POSTS, UPDATE } from './operations.js';
import { guest, postOf, writer } from './people.js';

const MIGRATION = new URL('../migrations/1764806000003-search-in-every-language.sql', import.meta.url);

describe('the search for posts', () => {
  const harness = useSubgraph(blog);

  /** What an author's posts are found by. */
  function searcher() {
    const author = writer(harness);
    const found = async (search: string): Promise<string[]> => {
      const { posts } = await author.data(POSTS, { filter: { authorId: author.caller.userId, search }, first: 100 });
      return posts.nodes.map(({ title }: { title: string }) => title);
    };
    return { author, found };
  }

  /** Milliseconds that the database takes for the words of a text of so many characters, the least of three. */
  async function parsing(sign: string, length: number): Promise<number> {
    const times: number[] = [];
    for (const _ of [1, 2, 3]) {
      const [row] = await harness.sql(
        `EXPLAIN (ANALYZE, FORMAT JSON)
          SELECT words_of('english', folded(left(repeat($1, $2::int), $2::int))), language_of(repeat($1, $2::int))`,
        [sign, length],
      );
      times.push(row['QUERY PLAN'][0]['Execution Time'] + row['QUERY PLAN'][0]['Planning Time']);
    }
    return Math.min(...times);
  }

  it.each([
    '<!--',
    "<a '",
    '<a "',
    '</a ',
    '&a',
    '&#x',
    'http://a.',
    'a-',
    'a_',
    '1.',
    '-1e',
    '/',
    '~/',
    'a@b.',
    '\u226e!--',
    '＜!--',
    '東<',
  ])('takes a time that grows with the length of a text of %j alone', async (sign) => {
    const [short, long] = [await parsing(sign, 25_000), await parsing(sign, 100_000)];
    expect(long / Math.max(short, 10)).toBeLessThan(10);
  });

  it('knows words between signs of every script', async () => {
    const { author, found } = searcher();
    const title = '“hello” word—second l’école «mot» ¿qué? „Wort“ ‹un› …dots • item、点・字 snake_case a/path';
    await postOf(author, { title, content: 'x' });
    const words = [
      'hello',
      'word',
      'second',
      'école',
      "l'ecole",
      'mot',
      'que',
      'wort',
      'un',
      'dots',
      'item',
      '点',
      '字',
    ];
    for (const word of [
      ...words,
      'snake',
      'snake_case',
      'path',
      '“hello”',
      '«mot»',
      'l’école',
      'word—second',
      '“hello word”',
    ])
      expect([word, await found(word)]).toEqual([word, [title]]);
    for (const word of ['“word hello”', 'hello —second -mot', 'hell'])
      expect([word, await found(word)]).toEqual([word, []]);
  });

  it('looks for ten words and ignores what is beyond', async () => {
    const { author, found } = searcher();
    const words = Array.from({ length: 12 }, (_, n) => `word${n}`);
    await postOf(author, { title: 'Ten', content: words.slice(0, 10).join(' ') });
    await postOf(author, { title: 'Nine', content: words.slice(0, 9).join(' ') });
    expect(await found(words.join(' '))).toEqual(['Ten']);
    expect(await found(`"${words.join(' ')}"`)).toEqual(['Ten']);
    expect(await found(`${words.slice(0, 10).join(' ')} -word1`)).toEqual(['Ten']);
  });

  it.each(['-zzz', '-a -b', '-"a b"', 'word or -zzz', '-東京', '“a” OR -b'])(
    'refuses %s, which excludes alone',
    async (search) => {
      const { extensions } = await guest(harness).error(POSTS, { filter: { search } });
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { 'filter.search': expect.any(String) } });
    },
  );

  it('finds nothing in a language in which exclusions alone are left', async () => {
    const { author, found } = searcher();
    await postOf(author, { title: 'The post', content: 'This is the one that is written in English.' });
    expect([await found('the -zzz'), await found('post -zzz')]).toEqual([[], ['The post']]);
  });

  it('ranks in a time that does not grow with the square of the places of its words', async () => {
    const { author, found } = searcher();
    const words = Array.from({ length: 10 }, (_, n) => `w${n}`);
    for (let number = 0; number < 12; number += 1)
      await postOf(author, { title: 'Often', content: `${words.join(' ')} `.repeat(300) });
    const time = async (search: string) => {
      const times: number[] = [];
      for (const _ of [1, 2, 3]) {
        const start = performance.now();
        expect(await found(search)).toHaveLength(12);
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    expect((await time(words.join(' '))) / Math.max(await time('w0'), 20)).toBeLessThan(6);
  });

  it('finds posts by tags that were kept in other spellings', async () => {
    const { author } = searcher();
    const { id } = await postOf(author, { title: 'Old' });
    await harness.sql(`UPDATE post SET tags = ARRAY['a  b', ' Ｃafé', 'A B', 'İ', '  '] WHERE id = $1`, [id]);
    const [, respelling] = (await readFile(MIGRATION, 'utf8')).split('-- Tags get the spelling');
    const statements = respelling?.slice(0, respelling.indexOf('-- What is looked for'));
    await harness.sql(`DO $do$ BEGIN ${statements?.slice(statements.indexOf('\n'))} END $do$`);
    for (const tag of ['a  b', 'CAFÉ', 'İ']) {
      const { posts } = await author.data(POSTS, { filter: { authorId: author.caller.userId, tag } });
      expect([tag, posts.totalCount]).toEqual([tag, 1]);
    }
    const [{ tags }] = await harness.sql('SELECT tags FROM post WHERE id = $1', [id]);
    expect(tags).toEqual(['a b', 'café', 'i̇']);
    await author.data(UPDATE, { id, input: { tags, version: 2 } });
  });
});
