import { describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '@platform/federation-engine';
import { graphql } from 'graphql';
import { CachedFederation, partition } from './caching/cached-federation.js';
import { errorsOf, Federation, plain, rights, type TestSubgraph } from './federation.js';
import { merged } from './merged-parts.js';
import { expectAgreement } from './random/agreement.js';
import { views } from './random/views.js';
import { World } from './random/world.js';

/** Types that exclude each other, around posts of another subgraph; the first post keeps its secret. */
const feed: TestSubgraph = {
  name: 'feed',
  typeDefs: `
    type Query { views: [View!]! grid: [[Cell]] }
    interface View { post: Post }
    type Compact implements View { post: Post size: Int }
    type Full implements View { post: Post next: View }
    type Wide implements View { post: Post }
    union Cell = Compact | Full | Post
    type Post @key(fields: "id") { id: ID! }`,
  resolvers: {
    Query: {
      views: () => [compact('1'), full('2'), full('1'), wide('1')],
      grid: () => [[compact('1'), full('3')], null, [null, { __typename: 'Post', id: '4' }]],
    },
  },
};
const post = (id: string) => ({ __typename: 'Post', id });
const compact = (id: string) => ({ __typename: 'Compact', post: post(id), size: 1 });
const full = (id: string) => ({ __typename: 'Full', post: post(id), next: { __typename: 'Wide', post: post(id) } });
const wide = (id: string) => ({ __typename: 'Wide', post: post(id) });
const posts: TestSubgraph = {
  name: 'posts',
  typeDefs: `
    type Post @key(fields: "id") { id: ID! rank(by: Int): Int title: String label: String secret: String! author: Author related: [Post!] }
    type Author @key(fields: "name") { name: String! }`,
  resolvers: {
    Post: {
      rank: ({ id }, { by }) => Number(id) * by,
      title: ({ id }) => `title${id}`,
      label: ({ id }) => `label${id}`,
      secret: ({ id }) => (id === '1' ? Promise.reject(new Error('kept')) : `secret${id}`),
      author: ({ id }) => ({ name: `author${id}` }),
      related: ({ id }) => [{ id: `${id}1` }],
    },
  },
};
const people: TestSubgraph = {
  name: 'people',
  typeDefs: 'type Author @key(fields: "name") { name: String! age(in: String): String nick: String }',
  resolvers: {
    Author: { age: ({ name }, { in: unit }) => `${name} in ${unit}`, nick: ({ name }) => `nick of ${name}` },
  },
};

const cases: readonly (readonly [query: string, data: unknown, errors?: readonly string[]])[] = [
  [
    '{ views { ... on Compact { post { rank(by: 10) } } ... on Full { post { rank(by: 100) } } ... on Wide { post { rank(by: 1000) } } } }',
    { views: [{ post: { rank: 10 } }, { post: { rank: 200 } }, { post: { rank: 100 } }, { post: { rank: 1000 } }] },
  ],
  [
    '{ views { ... on Compact { post { x: title } } ... on Full { post { x: label } } } }',
    { views: [{ post: { x: 'title1' } }, { post: { x: 'label2' } }, { post: { x: 'label1' } }, {}] },
  ],
  [
    '{ views { post { id } ... on Compact { post { a: rank(by: 1) } } ... on Full { post { a: rank(by: 2) } } } }',
    {
      views: [
        { post: { id: '1', a: 1 } },
        { post: { id: '2', a: 4 } },
        { post: { id: '1', a: 2 } },
        { post: { id: '1' } },
      ],
    },
  ],
  [
    '{ views { ... on Compact { post { title } } ... on View { post { rank(by: 3) } } ... on Compact { post { y: title } } } }',
    {
      views: [
        { post: { title: 'title1', rank: 3, y: 'title1' } },
        { post: { rank: 6 } },
        { post: { rank: 3 } },
        { post: { rank: 3 } },
      ],
    },
  ],
  [
    '{ grid { ... on Compact { x: post { y: rank(by: 1) } } ... on Full { x: post { y: rank(by: 2) } } ... on Post { y: rank(by: 7) } } }',
    { grid: [[{ x: { y: 1 } }, { x: { y: 6 } }], null, [null, { y: 28 }]] },
  ],
  [
    '{ views { ... on Compact { post { author { a: age(in: "days") } } } ... on Full { post { author { a: nick } } } } }',
    {
      views: [
        { post: { author: { a: 'author1 in days' } } },
        { post: { author: { a: 'nick of author2' } } },
        { post: { author: { a: 'nick of author1' } } },
        {},
      ],
    },
  ],
  [
    '{ views { ... on Full { next { ... on Compact { post { r: rank(by: 2) } } ... on Wide { post { r: rank(by: 3) } } } } ... on Wide { post { r: rank(by: 5) } } } }',
    { views: [{}, { next: { post: { r: 6 } } }, { next: { post: { r: 3 } } }, { post: { r: 5 } }] },
  ],
  [
    '{ views { ... on Compact { post { title } } ... on Wide { post { secret title } } } }',
    { views: [{ post: { title: 'title1' } }, {}, {}, { post: null }] },
    ['views.3.post.secret'],
  ],
  [
    '{ views { ... on Compact { title: post { rank(by: 2) } } ... on Full { title: post { rank(by: 3) } rank: post { title } } } }',
    {
      views: [
        { title: { rank: 2 } },
        { title: { rank: 6 }, rank: { title: 'title2' } },
        { title: { rank: 3 }, rank: { title: 'title1' } },
        {},
      ],
    },
  ],
];

const conflicting = '{ views { ... on Compact { post { rank(by: 10) } } ... on Full { post { rank(by: 100) } } } }';

describe('objects of types that exclude each other are answered what their own fragments ask for', () => {
  it.each(cases)('%s', async (query, data, errors = []) => {
    const result = await new Federation([feed, posts, people]).run(query);
    expect(result.data).toEqual(data);
    expect(errorsOf(result).map(({ path }) => path)).toEqual(errors);
  });

  it('asks each subgraph once, and for each object what its own fragment asks for', async () => {
    const federation = new Federation([feed, posts, people]);
    await federation.run(conflicting);
    expect(federation.requestsTo('feed')).toHaveLength(1);
    expect(federation.requestsTo('posts').map(({ variables }) => variables)).toEqual([
      {
        representations_0: [{ __typename: 'Post', id: '1' }],
        representations_1: [
          { __typename: 'Post', id: '2' },
          { __typename: 'Post', id: '1' },
        ],
      },
    ]);
  });

  it('plans what is alike under several types as before', async () => {
    const federation = new Federation([feed, posts, people]);
    await federation.run('{ views { ... on Compact { post { title } } ... on Full { post { title } } post { id } } }');
    expect(federation.requestsTo('posts').map(({ query }) => query)).toEqual([
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Post{title}}}',
    ]);
  });

  it('where the subgraph has different types for the same name', async () => {
    const federation = new Federation([
      {
        name: 'feed',
        typeDefs: `
          type Query { views: [View] }
          interface View { id: ID! }
          type Compact implements View @key(fields: "id") { id: ID! post: Post! @shareable }
          type Full implements View @key(fields: "id") { id: ID! post: Post }
          type Post @key(fields: "id") { id: ID! }`,
        resolvers: {
          Query: {
            views: () => [
              { ...compact('1'), id: 'c' },
              { ...full('2'), id: 'f' },
            ],
          },
        },
      },
      {
        name: 'other',
        typeDefs:
          'type Compact @key(fields: "id") { id: ID! post: Post @shareable } type Post @key(fields: "id") { id: ID! }',
      },
      posts,
      people,
    ]);
    expect(await federation.run(conflicting)).toEqual({
      data: { views: [{ post: { rank: 10 } }, { post: { rank: 200 } }] },
    });
  });

  it('with a condition for one of them', async () => {
    const federation = new Federation([feed, posts, people]);
    const query = `query ($c: Boolean!, $by: Int) { views {
      ... on Compact @include(if: $c) { post { rank(by: $by) } } ... on Full { post { rank(by: 100) title @skip(if: $c) } } } }`;
    const on = await federation.run(query, { variables: { c: true, by: 7 } });
    expect(on.data).toEqual({ views: [{ post: { rank: 7 } }, { post: { rank: 200 } }, { post: { rank: 100 } }, {}] });
    const off = await federation.run(query, { variables: { c: false } });
    expect(off.data).toEqual({
      views: [{}, { post: { rank: 200, title: 'title2' } }, { post: { rank: 100, title: 'title1' } }, {}],
    });
  });

  it('with more conditions than are decided before planning', async () => {
    const federation = new Federation([feed, posts, people]);
    const names = Array.from({ length: 7 }, (_, index) => `c${index}`);
    const query = `query (${names.map((name) => `$${name}: Boolean!`).join()}) { views {
      ... on Compact { post { rank(by: 10) @include(if: $c0) } } ... on Full { post { rank(by: 100) } }
      ${names.map((name) => `... on Wide @include(if: $${name}) { post { ${name}: rank(by: 1) } }`).join(' ')} } }`;
    const variables = Object.fromEntries(names.map((name) => [name, true]));
    const { data } = await federation.run(query, { variables });
    expect((data as { views: unknown[] }).views.slice(0, 3)).toEqual([
      { post: { rank: 10 } },
      { post: { rank: 200 } },
      { post: { rank: 100 } },
    ]);
  });

  it('when the caller may not have it under one of them', async () => {
    const federation = new Federation([
      {
        ...feed,
        typeDefs: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@policy"])
          ${feed.typeDefs.replace('Full implements View { post: Post', 'Full implements View { post: Post @policy(policies: [["read"]])')}`,
      },
      posts,
      people,
    ]);
    const refused = await federation.run(conflicting, { rights: rights() });
    expect(refused.data).toEqual({ views: [{ post: { rank: 10 } }, { post: null }, { post: null }, {}] });
    expect(errorsOf(refused).map(({ path }) => path)).toEqual(['views.1.post', 'views.2.post']);
    const whole = await federation.run(conflicting, { rights: rights({ policies: ['read'] }) });
    expect(whole.data).toEqual({
      views: [{ post: { rank: 10 } }, { post: { rank: 200 } }, { post: { rank: 100 } }, {}],
    });
  });

  it('when one of them fails, at its own place', async () => {
    const federation = new Federation([feed, posts, people]);
    federation.intercepts.set('posts', async (_request, next) => {
      const { data } = await next();
      return { data: { ...data, _1: [null, null] }, errors: [{ message: 'lost', path: ['_1', 0, 'rank'] }] };
    });
    const result = await federation.run(conflicting);
    expect(result.data).toEqual({
      views: [{ post: { rank: 10 } }, { post: { rank: null } }, { post: { rank: null } }, {}],
    });
    expect(errorsOf(result).map(({ path }) => path)).toEqual(['views.1.post.rank']);
  });

  it('when answers are kept', async () => {
    const federation = new CachedFederation([feed, posts, people], { subgraph: { maxAge: 60_000 } });
    const { data } = await federation.run(conflicting, { partition: partition('ada') });
    expect(await federation.run(conflicting, { partition: partition('ada') })).toEqual({ data });
    expect(data).toEqual({ views: [{ post: { rank: 10 } }, { post: { rank: 200 } }, { post: { rank: 100 } }, {}] });
    const swapped = conflicting.replace('10)', '5)').replace('100)', '10)');
    expect(await federation.run(swapped, { partition: partition('ada') })).toEqual({
      data: { views: [{ post: { rank: 5 } }, { post: { rank: 20 } }, { post: { rank: 10 } }, {}] },
    });
    expect(federation.asked['feed']).toBe(1);
  });

  it('in each event of a subscription', async () => {
    const federation = new Federation([
      { ...feed, typeDefs: `${feed.typeDefs} type Subscription { seen: [View] }` },
      posts,
      people,
    ]);
    federation.events.set('feed', [{ data: { seen: [compact('1'), full('2')] } }, { data: { seen: [full('3')] } }]);
    const query = 'subscription { seen { ... on Compact { post { x: title } } ... on Full { post { x: label } } } }';
    expect(await federation.subscribe(query)).toEqual([
      { data: { seen: [{ post: { x: 'title1' } }, { post: { x: 'label2' } }] } },
      { data: { seen: [{ post: { x: 'label3' } }] } },
    ]);
  });

  it('in deferred parts', async () => {
    const query = `{ views { ... on Compact { post { rank(by: 10) } } ... on Full @defer(label: "f") { post { rank(by: 100) } }
      ... on Wide { post { rank(by: 3) ... @defer(label: "w") { title x: rank(by: 4) } } } ... on Compact { post { ... @defer(label: "c") { x: rank(by: 5) } } } } }`;
    const pieces = await new Federation([feed, posts, people]).runInParts(query);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces[0]?.data).toEqual({ views: [{ post: { rank: 10 } }, {}, {}, { post: { rank: 3 } }] });
    expect(merged(pieces).data).toEqual({
      views: [
        { post: { rank: 10, x: 5 } },
        { post: { rank: 200 } },
        { post: { rank: 100 } },
        { post: { rank: 3, title: 'title1', x: 4 } },
      ],
    });
  });
});

describe('an interface object is asked for each of its types what that type’s fragment asks for', () => {
  const shop: TestSubgraph = {
    name: 'shop',
    typeDefs: `
      type Query { items: [Item!]! }
      interface Item @key(fields: "id") { id: ID! }
      type Book implements Item @key(fields: "id") { id: ID! }
      type Disc implements Item @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        items: () => [
          { __typename: 'Book', id: '1' },
          { __typename: 'Disc', id: '2' },
        ],
      },
    },
  };
  const asked: string[] = [];
  const ratings: TestSubgraph = {
    name: 'ratings',
    typeDefs: 'type Item @key(fields: "id") @interfaceObject { id: ID! stars: Int! mark(of: Int): Int friend: Item }',
    resolvers: {
      Item: {
        stars: ({ id }) => (id === '2' ? Promise.reject(new Error('none')) : 5),
        mark: ({ id }, { of }) => {
          asked.push(`${id}/${of}`);
          return Number(id) * of;
        },
      },
    },
  };

  it('with different arguments', async () => {
    const federation = new Federation([shop, ratings]);
    asked.length = 0;
    const query = '{ items { ... on Book { mark(of: 10) } ... on Disc { mark(of: 100) } } }';
    expect(await federation.run(query)).toEqual({ data: { items: [{ mark: 10 }, { mark: 200 }] } });
    expect(federation.requestsTo('ratings')).toHaveLength(1);
    expect(asked.sort()).toEqual(['1/10', '2/100']);
  });

  it('with different fields, of which one fails on the other type', async () => {
    const federation = new Federation([shop, ratings]);
    asked.length = 0;
    const query = '{ items { ... on Book { stars } ... on Disc { mark(of: 3) } } }';
    expect(await federation.run(query)).toEqual({ data: { items: [{ stars: 5 }, { mark: 6 }] } });
    expect(asked).toEqual(['2/3']);
  });
});

describe('types that exclude each other, against one schema', () => {
  const world = new World(views);
  const federation = world.federation();
  const schema = world.monolith(federation.engine.supergraph.apiSchema);
  const around = ['page { views', 'pages { views', 'grid', 'page { view', 'page { cells', 'view'];
  const inside = [
    '... on Compact { post { x: title } } ... on Full { post { x: secret } }',
    '... on Compact { a: post { x: rank(by: 1) } } ... on Full { a: story { x: rank(by: 2) } }',
    '... on Compact { posts { x: author { n: nick } } } ... on Full { posts { x: editor { n: name } } }',
    '... on Compact { author { favourite { ... on Book { l: label } ... on Disc { l: name } } } } ... on Full { author { favourite { ... on Book { l: name } ... on Toy { l: colour } } } }',
    '... on Compact { author { x: favourite { stars } } } ... on Full { author { x: favourite { ... on Book { critic { nick } } ... on Node { id } } } }',
    '... on Compact { query { pages { id } } } ... on Full { deep { ... on Wide { query { rated { id } } } } }',
  ];
  const items = [
    '{ rated { ... on Book { x: label } ... on Disc { x: name } ... on Toy { x: known } } }',
    '{ rated { ... on Book { x: caption(lang: "de") } ... on Disc { x: caption(lang: "en") } } }',
    '{ items { label ... on Book { critic { nick } } ... on Disc { critic { age } } ... on Item { critic { id } } ... on Named { name } } }',
    '{ rated { ... on Node { id } ... on Named { name } ... on Item { stars } } }',
    '{ rated { ... on Node { id ... on Page { view { author { nick } } } ... on Book { known } } } }',
    '{ one { ... on Named { n: name } ... on Node { ... on Item { known } } } }',
    '{ nodes { ... on Item { stars ... on Node { id } } ... on Named { name } } }',
    '{ things { ... on Item { label reviews { x: text } } ... on Book { reviews { by { nick } } } ... on Page { view { author { name } } } } }',
    '{ latest { item { ... on Book { r: reviews { text } } ... on Disc { r: reviews { by { age } } } ... on Node { id } } } }',
    '{ people { favourite { ... on Toy { x: stars } ... on Book { y: stars } ... on Named { name } } } }',
  ];
  const queries = [
    ...around.flatMap((outer) => inside.map((inner) => `{ ${outer} { ${inner} }${outer.includes('{') ? ' }' : ''} }`)),
    ...items,
  ];

  it.each(queries)('%s', async (query) => {
    const expected = plain((await graphql({ schema, source: query })) as ExecutionResult);
    expectAgreement(await federation.run(query), expected);
  });
});
