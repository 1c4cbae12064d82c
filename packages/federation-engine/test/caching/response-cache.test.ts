import { describe, expect, it } from '@jest/globals';
import type { SubgraphResponse } from '@platform/federation-engine';
import { eventually } from '@platform/testkit';
import { errorsOf, rights } from '../federation.js';
import { CachedFederation, partition } from './cached-federation.js';
import { world } from './shop.js';

const ada = { partition: partition('ada'), headers: { 'x-caller-token': 'of ada' } };
const bob = { partition: partition('bob'), headers: { 'x-caller-token': 'of bob' } };

describe('answers of root fields', () => {
  it('are kept for as long as the shortest hint says', async () => {
    const { state, subgraphs } = world();
    const federation = new CachedFederation(subgraphs);
    const note = async () => (await federation.run('{ mine { text } }', ada)).data?.['mine'];
    expect(await note()).toEqual({ text: 'note v1' });
    state.version = 2;
    federation.pass(29);
    expect(await note()).toEqual({ text: 'note v1' });
    federation.pass(1);
    expect(await note()).toEqual({ text: 'note v2' });
    expect(federation.asked).toEqual({ posts: 2 });
  });

  it('are found whatever the client calls its operation, and apart for each variable', async () => {
    const { subgraphs } = world();
    const federation = new CachedFederation(subgraphs);
    const top = (name: string, first: number) =>
      federation.run(`query ${name}($n: Int) { top(first: $n) { title } }`, { ...ada, variables: { n: first } });
    await top('One', 1);
    const again = await top('Two', 1);
    await top('One', 2);
    expect(again.data).toEqual({ top: [{ title: '1 v1' }] });
    expect(federation.asked).toEqual({ posts: 2 });
  });

  it.each([
    ['a field that says nothing', '{ now }'],
    ['a mutation', 'mutation { write }'],
  ])('are never kept of %s', async (_what, query) => {
    const federation = new CachedFederation(world().subgraphs);
    await federation.run(query, ada);
    await federation.run(query, ada);
    expect(federation.asked).toEqual({ posts: 2 });
  });

  it('are as short-lived as the shortest-lived field in them', async () => {
    const federation = new CachedFederation(world().subgraphs);
    await federation.run('{ mine { text secondly } }', ada);
    federation.pass(2);
    await federation.run('{ mine { text secondly } }', ada);
    expect(federation.asked).toEqual({ posts: 2 });
  });

  it('are not used by who says nothing of whom they may be shared with', async () => {
    const federation = new CachedFederation(world().subgraphs);
    await federation.run('{ mine { text } }', { headers: ada.headers });
    await federation.run('{ mine { text } }', { headers: ada.headers });
    expect(federation.asked).toEqual({ posts: 2 });
  });

  it('that are not there are asked for again', async () => {
    const { state, subgraphs } = world();
    const federation = new CachedFederation(subgraphs);
    state.gone.add('1');
    const post = async () => (await federation.run('{ post(id: 1) { title } }', ada)).data;
    expect(await post()).toEqual({ post: null });
    state.gone.clear();
    expect(await post()).toEqual({ post: { title: '1 v1' } });
  });

  it('that are longer than allowed are not kept', async () => {
    const federation = new CachedFederation(world().subgraphs, { longestText: 10 });
    await federation.run('{ mine { text } }', ada);
    await federation.run('{ mine { text } }', ada);
    expect(federation.asked).toEqual({ posts: 2 });
  });

  it('with errors are not kept', async () => {
    const federation = new CachedFederation(world().subgraphs);
    const errors = [{ message: 'Not today', path: ['mine', 'text'], extensions: { code: 'NOT_TODAY' } }];
    federation.intercepts.set('posts', async () => ({ data: { mine: { text: null } }, errors }));
    expect(errorsOf(await federation.run('{ mine { text } }', ada))).toEqual([
      { code: 'NOT_TODAY', path: 'mine.text' },
    ]);
    federation.intercepts.clear();
    expect(await federation.run('{ mine { text } }', ada)).toEqual({ data: { mine: { text: 'note v1' } } });
  });
});

describe('the header Cache-Control of a subgraph', () => {
  const answering = (header: string, age = '0', subgraph = {}) => {
    const rawHeaders = ['Cache-Control', header, 'age', age].map((text) => Buffer.from(text));
    const federation = new CachedFederation(world().subgraphs, { subgraph });
    federation.intercepts.set('posts', async (_request, next) => ({
      ...(await next()),
      rawHeaders,
    }));
    return federation;
  };
  const askedTwice = async (federation: CachedFederation, query: string, seconds: number) => {
    await federation.run(query, ada);
    federation.pass(seconds);
    await federation.run(query, ada);
    return federation.asked['posts'];
  };

  it.each([
    ['decides alone where the schema says nothing', 'max-age=10', '{ now }', 9, 1, '0'],
    ['decides alone, and no longer', 'max-age=10', '{ now }', 10, 2, '0'],
    ['shortens what the schema says', 'max-age=10', '{ mine { text } }', 10, 2, '0'],
    ['does not lengthen what the schema says', 'max-age=1000', '{ mine { text } }', 30, 2, '0'],
    ['keeps from keeping', 'no-store', '{ mine { text } }', 0, 2, '0'],
    ['keeps what is private from being public', 'private, max-age=60', '{ top { title } }', 0, 2, '0'],
    ['keeps nothing of what others have kept long enough', 'max-age=10', '{ now }', 0, 2, '10'],
  ])('%s', async (_what, header, query, seconds, asked, age) => {
    expect(await askedTwice(answering(header, age), query, seconds)).toBe(asked);
  });

  it('cannot keep anything for longer than is allowed', async () => {
    expect(await askedTwice(answering('max-age=100000', undefined, { maxTtl: 5_000 }), '{ now }', 5)).toBe(2);
  });
});

describe('answers of entities', () => {
  const query = (first: number) => `{ top(first: ${first}) { title stars } }`;

  it('are kept one by one: only those that are missing are asked for', async () => {
    const federation = new CachedFederation(world().subgraphs);
    await federation.run(query(2), ada);
    const { data } = await federation.run(query(4), ada);
    expect(data?.['top']).toEqual([1, 2, 3, 4].map((id) => ({ title: `${id} v1`, stars: id * 10 + 1 })));
    const asked = federation.requestsTo('ratings').map(({ variables }) => variables?.['representations']);
    expect(asked).toEqual([
      [
        { __typename: 'Post', id: '1' },
        { __typename: 'Post', id: '2' },
      ],
      [
        { __typename: 'Post', id: '3' },
        { __typename: 'Post', id: '4' },
      ],
    ]);
    expect(federation.fetched.filter(([subgraph]) => subgraph === 'ratings')).toEqual([
      ['ratings', 'entity', 'miss'],
      ['ratings', 'entity', 'partial'],
    ]);
  });

  it('are all there the next time, in whatever order they are wanted', async () => {
    const federation = new CachedFederation(world().subgraphs);
    await federation.run(query(3), ada);
    const { data } = await federation.run('{ again: top(first: 3) { stars } b: post(id: 2) { stars } }', ada);
    expect(data).toEqual({ again: [{ stars: 11 }, { stars: 21 }, { stars: 31 }], b: { stars: 21 } });
    expect(federation.asked['ratings']).toBe(1);
  });

  it('that are not there are asked for again', async () => {
    const { state, subgraphs } = world();
    const federation = new CachedFederation(subgraphs);
    state.gone.add('2');
    const { data } = await federation.run(query(2), ada);
    expect(data?.['top']).toEqual([
      { title: '1 v1', stars: 11 },
      { title: '2 v1', stars: null },
    ]);
    state.gone.clear();
    const { data: later } = await federation.run(query(2), ada);
    expect(later?.['top']).toEqual([
      { title: '1 v1', stars: 11 },
      { title: '2 v1', stars: 21 },
    ]);
    expect(federation.requestsTo('ratings').at(-1)?.variables?.['representations']).toHaveLength(1);
  });

  it('stay when the subgraph fails to bring the others, each of which has its error', async () => {
    const federation = new CachedFederation(world().subgraphs);
    await federation.run(query(1), ada);
    federation.intercepts.set('ratings', () => Promise.reject(new Error('ECONNREFUSED')));
    const answer = await federation.run(query(3), ada);
    expect(answer.data?.['top']).toEqual([
      { title: '1 v1', stars: 11 },
      { title: '2 v1', stars: null },
      { title: '3 v1', stars: null },
    ]);
    expect(errorsOf(answer)).toEqual([
      { code: 'SUBGRAPH_UNAVAILABLE', path: 'top.1.stars' },
      { code: 'SUBGRAPH_UNAVAILABLE', path: 'top.2.stars' },
    ]);
  });

  it('have their errors where they stand in the whole, and are not kept with them', async () => {
    const federation = new CachedFederation(world().subgraphs);
    await federation.run(query(1), ada);
    federation.intercepts.set('ratings', async (_request, next) => ({
      ...(await next()),
      errors: [{ message: 'No stars', path: ['_entities', 1, 'stars'], extensions: { code: 'NO_STARS' } }],
    }));
    expect(errorsOf(await federation.run(query(3), ada))).toEqual([{ code: 'NO_STARS', path: 'top.2.stars' }]);
    federation.intercepts.clear();
    await federation.run(query(3), ada);
    expect(federation.requestsTo('ratings').at(-1)?.variables?.['representations']).toHaveLength(2);
  });

  it('are apart for each variable, one that is null from one that is left out too', async () => {
    const federation = new CachedFederation(world().subgraphs);
    const scaled = async (variables: Record<string, unknown>) => {
      const { data } = await federation.run('query ($by: Int) { top(first: 1) { scaled(by: $by) } }', {
        ...ada,
        variables,
      });
      return data?.['top'];
    };
    for (let again = 0; again < 2; again += 1) {
      expect(await scaled({})).toEqual([{ scaled: 2 }]);
      expect(await scaled({ by: null })).toEqual([{ scaled: null }]);
      expect(await scaled({ by: 7 })).toEqual([{ scaled: 7 }]);
    }
    expect(federation.asked['ratings']).toBe(3);
  });

  it('are asked for beside those that may not be kept', async () => {
    const federation = new CachedFederation(world().subgraphs);
    const both = '{ top(first: 2) { stars } post(id: 1) { votes } }';
    await federation.run(both, ada);
    const { data } = await federation.run(both, ada);
    expect(data).toEqual({ top: [{ stars: 11 }, { stars: 21 }], post: { votes: 1 } });
  });
});

describe('kept answers', () => {
  it('are shared where everything in them is public, and the caller’s own where anything is not', async () => {
    const federation = new CachedFederation(world().subgraphs);
    for (const who of [ada, bob, ada, bob]) {
      await federation.run('{ top { title } }', who);
      await federation.run('{ mine { text } }', who);
    }
    expect(federation.requests.map(({ headers }) => headers['x-caller-token'])).toEqual(['of ada', 'of ada', 'of bob']);
  });

  it.each([
    ['shared by who holds the same of what they ask for', ['reader'], 1],
    ['the caller’s own where what they ask for was not decided', [], 2],
  ])('are %s', async (_whose, decided, asked) => {
    const federation = new CachedFederation(world().subgraphs);
    const held = rights({ policies: ['reader'] });
    for (const name of ['ada', 'bob', 'ada']) {
      const who = {
        headers: { 'x-caller-token': `of ${name}` },
        rights: held,
        partition: partition(name, held, decided),
      };
      expect(await federation.run('{ guarded }', who)).toEqual({ data: { guarded: 'for readers' } });
    }
    expect(federation.requests).toHaveLength(asked);
  });

  it('of a type that several subgraphs have are public by their fields alone', async () => {
    const { subgraphs } = world();
    const [posts, ratings] = subgraphs as [(typeof subgraphs)[0], (typeof subgraphs)[0]];
    const claiming = {
      ...posts,
      typeDefs: posts.typeDefs.replace(
        'type Post @key(fields: "id")',
        'type Post @key(fields: "id") @cacheControl(maxAge: 60, scope: PUBLIC)',
      ),
    };
    const silent = {
      ...ratings,
      typeDefs: ratings.typeDefs.replace('votes: Int', 'votes: Int @cacheControl(maxAge: 60)'),
    };
    const federation = new CachedFederation([claiming, silent]);
    for (const who of [ada, bob]) await federation.run('{ top(first: 1) { votes } }', who);
    expect(federation.requestsTo('ratings')).toHaveLength(2);
  });

  it('are apart for tenants, and for every header that subgraphs get', async () => {
    const federation = new CachedFederation(world().subgraphs);
    const asked: { headers: Record<string, string>; tenant: string }[] = [
      { headers: { 'accept-language': 'en' }, tenant: 'one' },
      { headers: { 'accept-language': 'de' }, tenant: 'one' },
      { headers: { 'accept-language': 'en' }, tenant: 'two' },
      { headers: { 'accept-language': 'en', 'x-request-id': 'another' }, tenant: 'one' },
    ];
    for (const each of asked) await federation.run('{ top { title } }', { partition: partition('ada'), ...each });
    expect(federation.requests).toHaveLength(3);
  });

  it('are kept for all who were the first to ask, at the same time', async () => {
    const federation = new CachedFederation(world().subgraphs);
    const queries = [1, 2, 3].map((first) => `{ top(first: ${first}) { title } }`);
    const all = () => Promise.all(queries.map((query) => federation.run(query, ada)));
    const fresh = await all();
    const asked = federation.requests.length;
    expect(await all()).toEqual(fresh);
    expect([asked, federation.requests.length]).toEqual([3, 3]);
  });

  it('are not changed by what one who got them does with them', async () => {
    const federation = new CachedFederation(world().subgraphs);
    const query = '{ top(first: 2) { title stars } }';
    const first = await federation.run(query, ada);
    const answers = await Promise.all([federation.run(query, ada), federation.run('{ top(first: 2) { title } }', ada)]);
    expect(answers[0]).toEqual(first);
    expect(await federation.run(query, ada)).toEqual(first);
  });

  it('do not keep a mutation from reading what it has written', async () => {
    const federation = new CachedFederation(world().subgraphs);
    const mine = () => federation.run('{ mine { text } }', ada);
    await mine();
    await federation.run('mutation { write }', ada);
    expect((await mine()).data).toEqual({ mine: { text: 'note v2' } });
  });

  it('of others stay when one has written', async () => {
    const federation = new CachedFederation(world().subgraphs);
    await federation.run('{ mine { text } }', bob);
    await federation.run('mutation { write }', ada);
    expect((await federation.run('{ mine { text } }', bob)).data).toEqual({ mine: { text: 'note v1' } });
  });
});

describe('answers that are out of date', () => {
  const query = '{ top(first: 2) { title stars } }';

  it('are given once more while a fresh one is fetched, once for all who ask', async () => {
    const { state, subgraphs } = world();
    const federation = new CachedFederation(subgraphs, { subgraph: { staleWhileRevalidate: 30_000 } });
    const before = await federation.run(query, ada);
    state.version = 2;
    federation.pass(61);
    const during = await Promise.all(Array.from({ length: 4 }, () => federation.run(query, ada)));
    expect(during).toEqual(Array.from({ length: 4 }, () => before));
    await eventually(async () => {
      const { data } = await federation.run(query, ada);
      expect(data?.['top']).toEqual([
        { title: '1 v2', stars: 12 },
        { title: '2 v2', stars: 22 },
      ]);
    });
    expect(federation.asked).toEqual({ posts: 2, ratings: 2 });
  });

  it('are given no longer than that', async () => {
    const { state, subgraphs } = world();
    const federation = new CachedFederation(subgraphs, { subgraph: { staleWhileRevalidate: 30_000 } });
    await federation.run('{ top(first: 1) { title } }', ada);
    state.version = 2;
    federation.pass(91);
    expect((await federation.run('{ top(first: 1) { title } }', ada)).data).toEqual({ top: [{ title: '1 v2' }] });
  });

  it('go on to be given while the subgraph fails, and nobody hears of that', async () => {
    const federation = new CachedFederation(world().subgraphs, { subgraph: { staleWhileRevalidate: 30_000 } });
    const before = await federation.run(query, ada);
    federation.pass(61);
    federation.intercepts.set('posts', () => Promise.reject(new Error('ECONNREFUSED')));
    federation.intercepts.set('ratings', () => Promise.reject(new Error('ECONNREFUSED')));
    expect(await federation.run(query, ada)).toEqual(before);
    await eventually(() => expect(federation.asked).toEqual({ posts: 2, ratings: 2 }));
    expect(await federation.run(query, ada)).toEqual(before);
  });
});

describe('invalidation', () => {
  const read = async (federation: CachedFederation, query: string) => (await federation.run(query, ada)).data;

  it.each([
    ['the tag of a root field', '{ top(first: 1) { title } }', 'top'],
    ['the tag that an argument makes', '{ post(id: 1) { title } }', 'post-1'],
    ['its subgraph', '{ post(id: 1) { title } }', 'subgraph:posts'],
    ['a type in it', '{ post(id: 1) { title } }', 'type:Post'],
    ['everything', '{ post(id: 1) { title } }', 'everything'],
    ['the tag that a key makes', '{ top(first: 1) { stars } }', 'stars-1'],
    ['a tag of the configuration', '{ mine { text } }', 'notes'],
  ])('by %s takes it out, and by another leaves it', async (_what, query, tag) => {
    const { state, subgraphs } = world();
    const federation = new CachedFederation(subgraphs, { tags: { 'Query.mine': ['notes'] } });
    const before = await read(federation, query);
    state.version = 2;
    await federation.answers.invalidate(['stars-9', 'post-9', 'type:Other', 'subgraph:others']);
    expect(await read(federation, query)).toEqual(before);
    await federation.answers.invalidate([tag]);
    expect(JSON.stringify(await read(federation, query))).toMatch(/v2|12/);
  });

  it('also holds for what was being fetched when it came', async () => {
    const { state, subgraphs } = world();
    const federation = new CachedFederation(subgraphs, { deduplication: { operations: false } });
    await read(federation, '{ post(id: 2) { title } }');
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: asked, resolve: reached } = Promise.withResolvers<void>();
    federation.intercepts.set('posts', async (_request, next) => {
      const answer: SubgraphResponse = await next();
      reached();
      await released;
      return answer;
    });
    const early = read(federation, '{ post(id: 1) { title } }');
    await asked;
    state.version = 2;
    await federation.answers.invalidate(['post-1']);
    federation.intercepts.clear();
    // Asked after the event, this one joins the request from before it: what comes of that is not kept either.
    const joined = read(federation, '{ post(id: 1) { title } }');
    await eventually(() => expect(federation.fetched).toHaveLength(3));
    await new Promise((resolve) => setImmediate(resolve));
    release();
    const old = { post: { title: '1 v1' } };
    expect(await Promise.all([early, joined])).toEqual([old, old]);
    expect(await read(federation, '{ post(id: 1) { title } }')).toEqual({ post: { title: '1 v2' } });
    expect(await read(federation, '{ post(id: 2) { title } }')).toEqual({ post: { title: '2 v1' } });
  });

  it('holds for what was being fetched under a tag that nobody had used', async () => {
    const { state, subgraphs } = world();
    const federation = new CachedFederation(subgraphs);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: asked, resolve: reached } = Promise.withResolvers<void>();
    federation.intercepts.set('posts', async (_request, next) => {
      const answer = await next();
      reached();
      await released;
      return answer;
    });
    const early = read(federation, '{ post(id: 1) { title } }');
    await asked;
    state.version = 2;
    await federation.answers.invalidate(['post-1']);
    release();
    await early;
    federation.intercepts.clear();
    expect(await read(federation, '{ post(id: 1) { title } }')).toEqual({ post: { title: '1 v2' } });
  });
});
