import { describe, expect, it } from '@jest/globals';
import { errorsOf, Federation, rights } from './federation.js';

describe('keys', () => {
  const places = (requests: { variables?: Record<string, unknown> }[]) =>
    requests.map(({ variables }) => variables?.['representations']);

  it('may be composite and nested, and differ between subgraphs', async () => {
    const federation = new Federation([
      {
        name: 'a',
        typeDefs: `type Query { t: [T] } type T @key(fields: "id org { id }") { id: ID! org: Org! } type Org { id: ID! @shareable }`,
        resolvers: {
          Query: {
            t: () => [
              { id: '1', org: { id: 'x' } },
              { id: '1', org: { id: 'y' } },
              { id: '1', org: { id: 'x' } },
            ],
          },
        },
      },
      {
        name: 'b',
        typeDefs: `type T @key(fields: "id org { id }") @key(fields: "uuid") { id: ID! org: Org! uuid: ID! } type Org { id: ID! @shareable }`,
        resolvers: { T: { __resolveReference: ({ id, org }) => ({ id, org, uuid: `${id}-${org.id}` }) } },
      },
      {
        name: 'c',
        typeDefs: 'type T @key(fields: "uuid") { uuid: ID! name: String }',
        resolvers: { T: { name: ({ uuid }) => `T ${uuid}` } },
      },
    ]);
    expect((await federation.run('{ t { name } }')).data).toEqual({
      t: [{ name: 'T 1-x' }, { name: 'T 1-y' }, { name: 'T 1-x' }],
    });
    expect(places(federation.requestsTo('c'))).toEqual([
      [
        { __typename: 'T', uuid: '1-x' },
        { __typename: 'T', uuid: '1-y' },
      ],
    ]);
  });

  it('that are missing leave the entity out of the fetch', async () => {
    const federation = new Federation([
      { name: 'a', typeDefs: 'type Query { t: [T] } type T @key(fields: "id") { id: ID! }' },
      {
        name: 'b',
        typeDefs: 'type T @key(fields: "id") { id: ID! name: String }',
        resolvers: { T: { name: ({ id }) => `T ${id}` } },
      },
    ]);
    federation.intercepts.set('a', async () => ({
      data: { t: [{ __typename: 'T', id: '1' }, { __typename: 'T' }, null, { __typename: 'T', id: '2' }] },
    }));
    expect(await federation.run('{ t { name } }')).toEqual({
      data: { t: [{ name: 'T 1' }, { name: null }, null, { name: 'T 2' }] },
    });
    expect(places(federation.requestsTo('b'))).toEqual([
      [
        { __typename: 'T', id: '1' },
        { __typename: 'T', id: '2' },
      ],
    ]);
  });
});

describe('@provides', () => {
  it('saves the fetch where it applies', async () => {
    const federation = new Federation([
      {
        name: 'a',
        typeDefs: `type Query { fast: T @provides(fields: "name") slow: T } type T @key(fields: "id") { id: ID! name: String @external }`,
        resolvers: { Query: { fast: () => ({ id: '1', name: 'provided' }), slow: () => ({ id: '1' }) } },
      },
      {
        name: 'b',
        typeDefs: 'type T @key(fields: "id") { id: ID! name: String @shareable }',
        resolvers: { T: { name: () => 'fetched' } },
      },
    ]);
    expect((await federation.run('{ fast { name } }')).data).toEqual({ fast: { name: 'provided' } });
    expect(federation.requestsTo('b')).toHaveLength(0);
    expect((await federation.run('{ slow { name } }')).data).toEqual({ slow: { name: 'fetched' } });
  });
});

describe('@interfaceObject', () => {
  const media = () =>
    new Federation([
      {
        name: 'a',
        typeDefs: `
          type Query { media: [Media] }
          interface Media @key(fields: "id") { id: ID! title: String }
          type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
          type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
        resolvers: {
          Query: {
            media: () => [
              { __typename: 'Book', id: '1' },
              { __typename: 'Film', id: '2' },
            ],
          },
          Media: { __resolveReference: ({ id }) => ({ __typename: id === '1' ? 'Book' : 'Film', id }) },
          Book: { title: () => 'B', pages: () => 9, __resolveReference: ({ id }) => ({ id }) },
          Film: { title: () => 'F', minutes: () => 90, __resolveReference: ({ id }) => ({ id }) },
        },
      },
      {
        name: 'b',
        typeDefs: `type Query { rated: [Media] } type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }`,
        resolvers: {
          Query: { rated: () => [{ id: '2' }, { id: '1' }] },
          Media: { stars: ({ id }) => Number(id) },
        },
      },
    ]);

  it('adds fields to every implementation', async () => {
    const result = await media().run('{ media { __typename stars ... on Book { pages stars } title } }');
    expect(result).toEqual({
      data: {
        media: [
          { __typename: 'Book', stars: 1, pages: 9, title: 'B' },
          { __typename: 'Film', stars: 2, title: 'F' },
        ],
      },
    });
  });

  it('finds the real type when it is asked for', async () => {
    expect((await media().run('{ rated { __typename stars ... on Film { minutes } } }')).data).toEqual({
      rated: [
        { __typename: 'Film', stars: 2, minutes: 90 },
        { __typename: 'Book', stars: 1 },
      ],
    });
    expect((await media().run('{ rated { stars id } }')).data).toEqual({
      rated: [
        { stars: 2, id: '2' },
        { stars: 1, id: '1' },
      ],
    });
  });
});

describe('@context', () => {
  it('brings arguments from the objects around, one request per set of them', async () => {
    const federation = new Federation([
      {
        name: 'a',
        typeDefs: `
          type Query { shops: [Shop] }
          type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String! offers: [Offer] }
          type Offer @key(fields: "id") { id: ID! price(currency: String @fromContext(field: "$shop { currency }")): String }`,
        resolvers: {
          Query: {
            shops: () => [
              { id: 's1', currency: 'EUR', offers: [{ id: 'o1' }, { id: 'o2' }] },
              { id: 's2', currency: 'USD', offers: [{ id: 'o1' }] },
            ],
          },
          Offer: { price: ({ id }, { currency }) => `${id} in ${currency}` },
        },
      },
      {
        name: 'b',
        typeDefs: 'type Offer @key(fields: "id") { id: ID! stock: Int }',
        resolvers: { Offer: { stock: () => 3 } },
      },
    ]);
    const result = await federation.run('{ shops { offers { price stock } } }');
    expect(result).toEqual({
      data: {
        shops: [
          {
            offers: [
              { price: 'o1 in EUR', stock: 3 },
              { price: 'o2 in EUR', stock: 3 },
            ],
          },
          { offers: [{ price: 'o1 in USD', stock: 3 }] },
        ],
      },
    });
  });
});

describe('keys of different types under one name', () => {
  const federation = () =>
    new Federation([
      {
        name: 'a',
        typeDefs: `type Query { all: [Any] } union Any = A | B type A @key(fields: "k") { k: Int! } type B @key(fields: "k") { k: String }`,
        resolvers: {
          Query: {
            all: () => [
              { __typename: 'A', k: 1 },
              { __typename: 'B', k: 'x' },
            ],
          },
          B: { k: ({ k }) => k },
        },
      },
      {
        name: 'b',
        typeDefs: 'type A @key(fields: "k") { k: Int! n: String } type B @key(fields: "k") { k: String n: String }',
        resolvers: { A: { n: ({ k }) => `A${k}` }, B: { n: ({ k }) => `B${k}` } },
      },
    ]);

  it('are told apart by the planner’s aliases and put back', async () => {
    const shared = federation();
    expect(await shared.run('{ all { ... on A { n } ... on B { n } } }')).toEqual({
      data: { all: [{ n: 'A1' }, { n: 'Bx' }] },
    });
    expect(shared.requestsTo('a')[0]?.query).toContain('k__alias_0');
  });

  it('have their errors under the name that the client knows', async () => {
    const shared = federation();
    shared.intercepts.set('a', async () => ({
      data: { all: [{ __typename: 'B', k__alias_0: null }] },
      errors: [{ message: 'no key', path: ['all', 0, 'k__alias_0'] }],
    }));
    const result = await shared.run('{ all { ... on A { n } ... on B { k n } } }', { rights: rights() });
    expect(errorsOf(result)).toContainEqual({ code: undefined, path: 'all.0.k' });
  });
});
