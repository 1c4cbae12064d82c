import { describe, expect, it } from '@jest/globals';
import { Federation } from './federation.js';

/** What the planner gets wrong, put right by the engine. */

const prices = () =>
  new Federation([
    {
      name: 'shipping',
      typeDefs: `
        type Product @key(fields: "id") {
          id: ID! weight: Int @external price(currency: String!): Int @external
          inEuro: Int @requires(fields: "price(currency: \\"EUR\\") weight")
          inDollar: Int @requires(fields: "price(currency: \\"USD\\") weight")
          inYen: Int @requires(fields: "price(currency: \\"YEN\\")")
          label(upper: Boolean): String @requires(fields: "weight")
        }`,
      resolvers: {
        Product: {
          inEuro: ({ price, weight }) => price * weight,
          inDollar: ({ price, weight }) => price * weight,
          inYen: ({ price }) => price,
          label: ({ weight }, { upper }) => `${weight} ${upper ? 'KG' : 'kg'}`,
        },
      },
    },
    {
      name: 'catalogue',
      typeDefs:
        'type Query { products: [Product] } type Product @key(fields: "id") { id: ID! weight: Int price(currency: String!): Int }',
      resolvers: {
        Query: {
          products: () => [
            { id: '1', weight: 2 },
            { id: '2', weight: 3 },
          ],
        },
        Product: { price: ({ id }, { currency }) => Number(id) * (currency === 'EUR' ? 10 : 100) },
      },
    },
  ]);

describe('@requires of one field with different arguments', () => {
  it('gives each field the value that it asks for, and the client its own', async () => {
    const federation = prices();
    const query =
      'query($upper: Boolean) { products { inEuro price(currency: "YEN") inDollar euro: price(currency: "EUR") label(upper: $upper) } }';
    expect(await federation.run(query, { variables: { upper: true } })).toEqual({
      data: {
        products: [
          { inEuro: 20, price: 100, inDollar: 200, euro: 10, label: '2 KG' },
          { inEuro: 60, price: 200, inDollar: 600, euro: 20, label: '3 KG' },
        ],
      },
    });
    expect(federation.requestsTo('catalogue')).toHaveLength(1);
    const [asked, ...others] = federation.requestsTo('shipping');
    expect(others).toEqual([]);
    expect(Object.values(asked?.variables ?? {}).filter(Array.isArray)).toHaveLength(2);
  });

  it('asks for one of them without what only the other requires, where that was left out while the plan ran', async () => {
    const federation = prices();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const others = names.slice(1).map((name) => `${name}: id @include(if: $${name})`);
    const query = `query(${names.map((name) => `$${name}: Boolean!`)}) {
      products { inEuro @include(if: $a) inYen ${others.join(' ')} }
    }`;
    const variables = Object.fromEntries(names.map((name) => [name, false]));
    expect(await federation.run(query, { variables })).toEqual({
      data: { products: [{ inYen: 100 }, { inYen: 200 }] },
    });
  });

  it('asks once where nothing conflicts, under the names that the subgraph knows', async () => {
    const federation = prices();
    expect(await federation.run('{ products { inEuro label } }')).toEqual({
      data: {
        products: [
          { inEuro: 20, label: '2 kg' },
          { inEuro: 60, label: '3 kg' },
        ],
      },
    });
    const [request, ...others] = federation.requestsTo('shipping');
    expect(others).toEqual([]);
    expect(request?.variables?.['representations']).toEqual([
      { __typename: 'Product', id: '1', price: 10, weight: 2 },
      { __typename: 'Product', id: '2', price: 20, weight: 3 },
    ]);
  });
});

describe('keys', () => {
  it('that a subgraph only mentions are not used to come back to it', async () => {
    const federation = new Federation([
      {
        name: 'names',
        typeDefs:
          'type Thing @key(fields: "id") @key(fields: "code", resolvable: false) { id: ID! code: ID! name: String! }',
        resolvers: { Thing: { name: ({ id }) => `Thing ${id}`, code: () => 'x' } },
      },
      {
        name: 'things',
        typeDefs: `
          type Query { things: [Thing!]! }
          type Thing @key(fields: "code", resolvable: false) @key(fields: "id") { id: ID! code: ID! name: String! @external title: String! @requires(fields: "name") }`,
        resolvers: {
          Query: { things: () => [{ id: '1', code: 'a' }] },
          Thing: {
            __resolveReference: (reference: { id?: string }) => (reference.id ? { code: 'a', ...reference } : null),
            title: ({ name }) => `The ${name}`,
          },
        },
      },
    ]);
    expect(await federation.run('{ things { title } }')).toEqual({ data: { things: [{ title: 'The Thing 1' }] } });
  });
});

describe('interface objects', () => {
  const works = () =>
    new Federation([
      {
        name: 'works',
        typeDefs: `
          type Query { work: Work }
          interface Work @key(fields: "id") { id: ID! title: String }
          type Book implements Work @key(fields: "id") { id: ID! title: String }
          type Film implements Work @key(fields: "id") { id: ID! title: String }
          union Printed = Book
          type Shelf { content: Printed }`,
        resolvers: {
          Work: { __resolveReference: ({ id }) => ({ __typename: id === '1' ? 'Book' : 'Film', id }) },
          Book: { title: ({ id }) => `Book ${id}` },
          Film: { title: ({ id }) => `Film ${id}` },
        },
      },
      {
        name: 'ratings',
        typeDefs: `
          type Query { best: [Work] }
          type Work @key(fields: "id") @interfaceObject { id: ID! title: String @external stars: Int blurb: String @requires(fields: "title") }`,
        resolvers: {
          Query: { best: () => [{ id: '1' }, { id: '2' }] },
          Work: { stars: ({ id }) => Number(id), blurb: ({ title }) => `${title}!` },
        },
      },
    ]);

  it('can be narrowed to a union', async () => {
    expect(await works().run('{ best { stars ... on Printed { ... on Work { blurb } } } }')).toEqual({
      data: { best: [{ stars: 1, blurb: 'Book 1!' }, { stars: 2 }] },
    });
  });

  it('are never asked for without their key', async () => {
    const federation = works();
    expect(await federation.run('{ best { ... on Film { blurb } } }')).toEqual({
      data: { best: [{}, { blurb: 'Film 2!' }] },
    });
    const sent = federation
      .requestsTo('ratings')
      .flatMap(({ variables }) => (variables?.['representations'] ?? []) as object[]);
    expect(sent.every((representation) => 'id' in representation)).toBe(true);
  });
});

describe('composed executable directives', () => {
  const access = (name: string) => ({
    name,
    typeDefs: `
      extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@composeDirective"])
        @link(url: "https://example.org/access/v1.0", import: ["@access"])
        @composeDirective(name: "@access")
      directive @access(scope: String! = "public") on FIELD
      type Query { ${name}: String }`,
    resolvers: { Query: { [name]: () => name } },
  });

  it('may be written by clients', async () => {
    expect(await new Federation([access('a'), access('b')]).run('{ a @access b @access(scope: "private") }')).toEqual({
      data: { a: 'a', b: 'b' },
    });
  });

  it('are still validated', async () => {
    await expect(new Federation([access('a')]).run('{ a @access(scope: 1) }')).rejects.toMatchObject({
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });
});

describe('many conditions', () => {
  it('are decided alike one by one and while the plan runs', async () => {
    const federation = prices();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const definitions = names.map((name) => `$${name}: Boolean!`).join(' ');
    const fields = names.map((name) => `${name}: inEuro @skip(if: $${name})`).join(' ');
    for (let outcome = 0; outcome < 128; outcome += 9) {
      const variables = Object.fromEntries(names.map((name, bit) => [name, (outcome & (1 << bit)) !== 0]));
      const kept = Object.fromEntries(names.filter((name) => !variables[name]).map((name) => [name, 20]));
      const { data } = await federation.run(`query(${definitions}) { products { ${fields} } }`, { variables });
      expect(data).toMatchObject({ products: [kept, {}] });
    }
  });
});
