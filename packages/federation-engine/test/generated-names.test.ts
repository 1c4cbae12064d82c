import { describe, expect, it } from '@jest/globals';
import { Federation, type TestSubgraph } from './federation.js';

/** Names that the engine and the planner give to things of their own, given by clients and schemas to theirs. */
const shop: TestSubgraph = {
  name: 'shop',
  typeDefs: `
    type Query { items(first: Int, by: String): [Item!]! thing: Thing }
    interface Thing { id: ID! }
    type Book implements Thing @key(fields: "_client_name") { id: ID! _client_name: String! size: Int! }
    type Disc implements Thing { id: ID! size: String! }
    type Item @key(fields: "id") { id: ID! name: String owner: Owner }
    type Owner @key(fields: "id") { id: ID! }`,
  resolvers: {
    Query: {
      items: (_, { first = 2, by = '' }) =>
        ['1', '2'].slice(0, first).map((id) => ({ id, name: `${by}${id}`, owner: { id } })),
      thing: () => ({ __typename: 'Book', id: 'b', _client_name: 'c', size: 3 }),
    },
  },
};
const stock: TestSubgraph = {
  name: 'stock',
  typeDefs: `
    type Item @key(fields: "id") { id: ID! left(at: String, in: [Int!]): String }
    type Owner @key(fields: "id") { id: ID! mail(of: String): String }
    type Book @key(fields: "_client_name") { _client_name: String! pages(from: Int): Int }`,
  resolvers: {
    Item: { left: ({ id }, { at, in: numbers }) => `${id} ${at} ${numbers}` },
    Owner: { mail: ({ id }, { of }) => `${id} ${of}` },
    Book: { pages: (_, { from = 0 }) => 100 - from },
  },
};

const variables = { representations: 'a', representations_0: 'b', representations_1: [1], client_representations: 'd' };

describe('names of clients that the engine has a use for as well', () => {
  it('variables, in a fetch of entities and in several that travel together', async () => {
    const query = `query representations($representations: String, $representations_0: String, $representations_1: [Int!], $client_representations: String) {
      items(by: $client_representations) { name left(at: $representations, in: $representations_1) owner { mail(of: $representations_0) x: mail(of: $client_representations) } } }`;
    expect(await new Federation([shop, stock]).run(query, { variables })).toEqual({
      data: {
        items: ['1', '2'].map((id) => ({
          name: `d${id}`,
          left: `${id} a 1`,
          owner: { mail: `${id} b`, x: `${id} d` },
        })),
      },
    });
  });

  it('variables that conditions use, few and many', async () => {
    for (const more of [[], ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']]) {
      const declared = ['representations', ...more].map((name) => `$${name}: Boolean!`).join();
      const query = `query (${declared}) { items(first: 1) { a: left(at: "x") @include(if: $representations) ${more.map((name) => `${name}: left(at: "y") @skip(if: $${name})`).join(' ')} } }`;
      for (const representations of [true, false]) {
        const values = { representations, ...Object.fromEntries(more.map((name) => [name, true])) };
        const { data } = await new Federation([shop, stock]).run(query, { variables: values });
        expect(data).toEqual({ items: [representations ? { a: '1 x undefined' } : {}] });
      }
    }
  });

  it('variables called as methods of every object are, and not given', async () => {
    const query =
      'query ($toString: Int, $constructor: String) { items(first: $toString, by: $constructor) { left(at: $constructor) } }';
    expect(await new Federation([shop, stock]).run(query)).toEqual({
      data: { items: [{ left: '1 undefined undefined' }, { left: '2 undefined undefined' }] },
    });
  });

  it.each(['_0', '_1', '_entities', '_service', 'representations', '_client_a', 'id__alias_0', '_required_0_name'])(
    'the alias %s',
    async (alias) => {
      const query = `query ${alias} { ${alias}: items { ${alias}: owner { ${alias}: mail(of: "x") } left(at: "y") } }`;
      expect(await new Federation([shop, stock]).run(query)).toEqual({
        data: {
          [alias]: ['1', '2'].map((id) => ({ [alias]: { [alias]: `${id} x` }, left: `${id} y undefined` })),
        },
      });
    },
  );

  it('a key of the schema, beside an alias that is kept apart from it', async () => {
    const query = '{ thing { ... on Book { name: id pages _client_name: pages(from: 10) } } }';
    expect(await new Federation([shop, stock]).run(query)).toEqual({
      data: { thing: { name: 'b', pages: 100, _client_name: 90 } },
    });
  });

  it('an alias like the planner’s for what a subgraph cannot answer under one name', async () => {
    const query = '{ thing { ... on Book { size: pages size__alias_0: id size__alias_1: size } } }';
    expect(await new Federation([shop, stock]).run(query)).toEqual({
      data: { thing: { size: 100, size__alias_0: 'b', size__alias_1: 3 } },
    });
  });
});
