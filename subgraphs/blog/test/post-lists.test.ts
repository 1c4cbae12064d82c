import { blog } from '@platform/blog';
import { type SubgraphClient, useSubgraph } from '@platform/testkit';
import { ARCHIVE, POSTS, PUBLISH, UPDATE } from './operations.js';
import { draftOf, guest, moderator, postOf, writer } from './people.js';

describe('posts', () => {
  const harness = useSubgraph(blog);
  const list = async (reader: SubgraphClient, variables: Record<string, unknown> = {}) =>
    (await reader.data(POSTS, variables)).posts;
  const titles = async (reader: SubgraphClient, filter: Record<string, unknown>) =>
    (await list(reader, { filter, first: 100 })).nodes.map(({ title }: { title: string }) => title);

  /** Published posts named by number, a second apart, the last one newest. */
  async function published(author: SubgraphClient, count: number) {
    for (let number = 1; number <= count; number += 1) {
      harness.clock.advance(1_000);
      await postOf(author, { title: `Number ${number}` });
    }
    return { authorId: author.caller.userId };
  }

  it('come newest first, by publication', async () => {
    const author = writer(harness);
    const early = await draftOf(author, { title: 'Written first' });
    const filter = await published(author, 2);
    harness.clock.advance(1_000);
    await author.data(PUBLISH, { id: early.id });
    expect(await titles(guest(harness), filter)).toEqual(['Written first', 'Number 2', 'Number 1']);
  });

  it('are paged forwards and backwards without gaps or repetition, whatever is published meanwhile', async () => {
    const author = writer(harness);
    const filter = await published(author, 5);

    const first = await list(author, { filter, first: 2 });
    expect(first).toMatchObject({
      nodes: [{ title: 'Number 5' }, { title: 'Number 4' }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
      totalCount: 5,
    });
    await published(author, 1);
    const rest = await list(author, { filter, first: 3, after: first.pageInfo.endCursor });
    expect(rest).toMatchObject({
      nodes: [{ title: 'Number 3' }, { title: 'Number 2' }, { title: 'Number 1' }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
      totalCount: 6,
    });
    const back = await list(author, { filter, last: 2, before: rest.pageInfo.startCursor });
    expect(back.nodes).toEqual(first.nodes);
    expect(back.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
  });

  it.each([
    [{ first: -1 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ last: 101 }, 'last'],
    [{ first: 1, last: 1 }, 'last'],
    [{ filter: { search: 'x'.repeat(501) } }, 'filter.search'],
    [{ after: 'nonsense' }, 'after'],
    [{ after: Buffer.from('["yesterday","nobody"]').toString('base64url') }, 'after'],
  ])('refuse %j', async (page, field) => {
    const error = await guest(harness).error(POSTS, page);
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { [field]: expect.any(String) } });
  });

  it('can be narrowed to an author, a tag and a status', async () => {
    const [author, other] = [writer(harness), writer(harness)];
    const authorId = author.caller.userId;
    await postOf(author, { title: 'Tagged', tags: ['Topic', 'else'] });
    await postOf(other, { title: 'Tagged by another', tags: ['topic'] });
    await author.data(ARCHIVE, { id: (await postOf(author, { title: 'Archived' })).id });
    await draftOf(author, { title: 'Draft' });

    expect(await titles(author, { authorId, tag: ' TOPIC ' })).toEqual(['Tagged']);
    expect((await titles(author, { tag: 'topic' })).toSorted()).toEqual(['Tagged', 'Tagged by another']);
    expect(await titles(author, { authorId, status: 'ARCHIVED' })).toEqual(['Archived']);
    expect(await titles(author, { status: 'DRAFT' })).toEqual(['Draft']);
    expect(await titles(moderator(harness), { authorId, status: 'DRAFT' })).toEqual(['Draft']);
    expect(await titles(other, { authorId, status: 'DRAFT' })).toEqual([]);
  });

  it('are none for a malformed author and for text that nothing can match', async () => {
    for (const filter of [{ authorId: 'nonsense' }, { tag: 'no such tag' }, { search: '"(' }]) {
      expect(await list(guest(harness), { filter })).toMatchObject({ nodes: [], totalCount: 0 });
    }
  });

  it('are all of them for texts in which nobody sees anything, as if they had not been given', async () => {
    const author = writer(harness);
    await postOf(author, { title: 'Here' });
    const authorId = author.caller.userId;
    for (const text of ['', '  ', '\u200b']) {
      expect(await titles(author, { authorId, search: text })).toEqual(['Here']);
      expect(await titles(author, { authorId, tag: text })).toEqual(['Here']);
    }
  });

  it.each([{ tag: 'nul\0' }, { search: 'nul\0' }, { search: '\udc00' }, { tag: 'a\nb' }, { search: 'x'.repeat(501) }])(
    'refuse the texts of %j',
    async (filter) => {
      const error = await guest(harness).error(
        'query ($filter: PostFilter) { posts(filter: $filter) { totalCount } }',
        { filter },
      );
      expect(error.extensions['code']).toBe('BAD_USER_INPUT');
    },
  );

  it('are found by their words, phrases and exclusions, in title, tags and content', async () => {
    const author = writer(harness);
    const search = (text: string) => titles(author, { authorId: author.caller.userId, search: text });
    await postOf(author, { title: 'Brewing coffee', content: 'Grind the beans, then pour slowly.' });
    await postOf(author, { title: 'Tea', content: 'Brewed leaves; no coffee here.', tags: ['hot drinks'] });

    expect(await search('brew')).toEqual(['Brewing coffee', 'Tea']);
    expect(await search('bean')).toEqual(['Brewing coffee']);
    expect(await search('coffee -tea')).toEqual(['Brewing coffee']);
    expect(await search('"pour slowly" or leaves')).toEqual(['Brewing coffee', 'Tea']);
    expect(await search('drink')).toEqual(['Tea']);
    expect(await search('espresso')).toEqual([]);
  });

  it.each([
    ['a Chinese word in a sentence', '我们在北京大学学习计算机科学', ['北京大学', '计算机', '学'], ['上海', '大北']],
    [
      'a Japanese word in a sentence',
      '東京都庁でラーメンを食べました',
      ['東京', 'ラーメン', '食べ', '都'],
      ['京東', 'うどん'],
    ],
    ['a Korean word with a particle', '한국어를 공부합니다', ['한국어', '공부'], ['중국어']],
    ['a Thai word in a sentence', 'ภาษาไทยสนุกมาก', ['ภาษา', 'สนุก'], ['ทะเล']],
    [
      'words between scripts',
      'Node.js入門とReactの使い方',
      ['入門', 'React', 'react 使い方', '"使い方"'],
      ['React -入門', 'vue'],
    ],
    ['half-width forms', 'ｶﾞｲﾄﾞﾌﾞｯｸ ＡＢＣ', ['ガイドブック', 'abc'], []],
    ['words without their accents', 'Crème brûlée à la française', ['creme brulee', 'CRÈME', 'francaise'], ['flan']],
    ['letters that are spelled out', 'Straße, Łódź und Smørrebrød', ['strasse', 'lodz', 'smorrebrod'], []],
    [
      'German words in another form',
      'Die Häuser sind alt und die Gärten sind nicht groß',
      ['haus', 'garten', 'alte'],
      ['hau'],
    ],
    ['French words in another form', 'Les chevaux et les maisons sont dans la ville', ['maison', 'villes'], ['mais']],
    [
      'Russian words in another form',
      'Книги и газеты не были на столе, но в шкафу',
      ['книга', 'стол', 'КНИГИ'],
      ['дом'],
    ],
    ['Vietnamese words without marks', 'Tiếng Việt rất đẹp', ['tieng viet', 'dep'], ['xau']],
  ])('are found by %s', async (_what, title, found, missed) => {
    const author = writer(harness);
    await postOf(author, { title, content: 'x' });
    const search = (text: string) => titles(author, { authorId: author.caller.userId, search: text });
    for (const text of found) expect([text, await search(text)]).toEqual([text, [title]]);
    for (const text of missed) expect([text, await search(text)]).toEqual([text, []]);
  });

  it('are taken and found however many different words they have', async () => {
    const author = writer(harness);
    const signs = Array.from({ length: 100_000 }, (_, n) => String.fromCharCode(0x4e00 + ((n * 7_919) % 20_000))).join(
      '',
    );
    await postOf(author, { title: 'Signs', content: signs });
    await postOf(author, {
      title: 'Words',
      content: Array.from({ length: 33_000 }, (_, n) => String.fromCodePoint(0x20000 + n, 0xfdfa, 0x20)).join(''),
    });
    expect(await titles(author, { authorId: author.caller.userId, search: signs.slice(0, 4) })).toEqual(['Signs']);
  });

  it('are ranked: the title over the tags over the content, then the newest first', async () => {
    const author = writer(harness);
    const filter = { authorId: author.caller.userId, search: 'engine' };
    const often = { title: 'Content', content: 'engine '.repeat(500) };
    const [inTitle, inTags] = [{ title: 'The engine' }, { title: 'Tags', tags: ['engine'] }];
    for (const input of [inTitle, { ...inTags, title: 'Older tags' }, often, inTags, { title: 'Nothing' }]) {
      harness.clock.advance(1_000);
      await postOf(author, input);
    }
    expect(await titles(guest(harness), filter)).toEqual(['The engine', 'Tags', 'Older tags', 'Content']);
  });

  it('are ranked anew when title or tags change', async () => {
    const author = writer(harness);
    const { id } = await postOf(author, { title: 'Plain', tags: ['gears'] });
    const found = (search: string) => titles(author, { authorId: author.caller.userId, search });
    await author.data(UPDATE, { id, input: { tags: ['wheels'], version: 2 } });
    expect([await found('gears'), await found('wheels')]).toEqual([[], ['Plain']]);
    await author.data(UPDATE, { id, input: { title: 'Fancy', version: 3 } });
    expect([await found('plain'), await found('fancy')]).toEqual([[], ['Fancy']]);
  });

  it('that are found are paged both ways without gaps or repetition, whatever is published meanwhile', async () => {
    const author = writer(harness);
    const filter = { authorId: author.caller.userId, search: 'engine' };
    const found = (page: Record<string, unknown>) => list(author, { filter, ...page });
    const publish = async (input: Record<string, unknown>) => {
      harness.clock.advance(1_000);
      await postOf(author, input);
    };
    for (const number of [1, 2, 3]) await publish({ title: `Title ${number}: engine` });
    for (const number of [1, 2, 3, 4]) await publish({ title: `Content ${number}`, content: 'Of an engine.' });
    const before = await titles(author, filter);

    const seen: string[] = [];
    let page = await found({ first: 2 });
    for (;;) {
      seen.push(...page.nodes.map(({ title }: { title: string }) => title));
      if (!page.pageInfo.hasNextPage) break;
      await publish({ title: `New engine ${seen.length}` });
      page = await found({ first: 2, after: page.pageInfo.endCursor });
    }
    expect(seen).toEqual(before);
    const back = await found({ last: 3, before: page.pageInfo.startCursor });
    expect(back.nodes.map(({ title }: { title: string }) => title)).toEqual(before.slice(3, 6));
    expect((await author.error(POSTS, { after: back.pageInfo.endCursor })).extensions.code).toBe('BAD_USER_INPUT');
  });
});
