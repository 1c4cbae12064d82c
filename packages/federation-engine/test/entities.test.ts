import { describe, expect, it } from '@jest/globals';
import { shop } from './shop.js';

describe('entities across subgraphs', () => {
  it('joins three subgraphs through nested lists, in the order of the query', async () => {
    const result = await shop().run(
      '{ latest { id author { name } product { reviews { body author { name id } } upc name } } }',
    );

    expect(result.errors).toBeUndefined();
    expect(JSON.stringify(result.data)).toBe(
      JSON.stringify({
        latest: [
          {
            id: 'r1',
            author: { name: 'Ada' },
            product: {
              reviews: [
                { body: 'Love it', author: { name: 'Ada', id: 'u1' } },
                { body: 'Could be better', author: { name: 'Bob', id: 'u2' } },
              ],
              upc: 'p1',
              name: 'Table',
            },
          },
          {
            id: 'r2',
            author: { name: 'Ada' },
            product: {
              reviews: [{ body: 'Too expensive', author: { name: 'Ada', id: 'u1' } }],
              upc: 'p2',
              name: 'Novel',
            },
          },
          {
            id: 'r3',
            author: { name: 'Bob' },
            product: {
              reviews: [
                { body: 'Love it', author: { name: 'Ada', id: 'u1' } },
                { body: 'Could be better', author: { name: 'Bob', id: 'u2' } },
              ],
              upc: 'p1',
              name: 'Table',
            },
          },
        ],
      }),
    );
  });

  it('asks for an entity once, however often it stands in the answer', async () => {
    const federation = shop();
    await federation.run('{ latest { author { name } } }');

    const [request] = federation.requestsTo('accounts');
    expect(request?.variables?.['representations']).toEqual([
      { __typename: 'User', id: 'u1' },
      { __typename: 'User', id: 'u2' },
    ]);
  });

  it('does not ask at all when there is no entity', async () => {
    const federation = shop();
    const { data } = await federation.run('{ user(id: "nobody") { id reviews { body } } }');
    expect(data).toEqual({ user: null });
    expect(federation.requestsTo('reviews')).toHaveLength(0);
  });

  it('sends only the variables that a fetch uses', async () => {
    const federation = shop();
    await federation.run(
      'query($id: ID!, $style: String) { user(id: $id) { nickname(style: $style) reviews { id } } }',
      {
        variables: { id: 'u1', style: '!' },
      },
    );
    expect(federation.requestsTo('accounts')[0]?.variables).toEqual({ id: 'u1', style: '!' });
    expect(Object.keys(federation.requestsTo('reviews')[0]?.variables ?? {})).toEqual(['representations']);
  });
});

describe('@requires', () => {
  it('feeds the required fields of another subgraph', async () => {
    const { data } = await shop().run('{ products { upc ... on Furniture { shipping } } }');
    expect(data).toEqual({ products: [{ upc: 'p1', shipping: 80100 }, { upc: 'p2' }, { upc: 'p3', shipping: 20050 }] });
  });

  it('keeps the client’s arguments apart from those of the requirement', async () => {
    const { data } = await shop().run('{ products { ... on Furniture { weight shipping w: weight(unit: "kg") } } }');
    expect(data).toEqual({
      products: [{ weight: 80, shipping: 80100, w: 80 }, {}, { weight: 20, shipping: 20050, w: 20 }],
    });
  });

  it('is not misled by an alias that is the name of a required field or key', async () => {
    const { data, errors } = await shop().run(
      '{ products { upc: name ... on Furniture { price: weight shipping } inStock: upc } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      products: [
        { upc: 'Table', price: 80, shipping: 80100, inStock: 'p1' },
        { upc: 'Novel', inStock: 'p2' },
        { upc: 'Chair', price: 20, shipping: 20050, inStock: 'p3' },
      ],
    });
  });
});

describe('abstract types', () => {
  it('resolves interfaces and unions by their runtime type', async () => {
    const { data } = await shop().run(`{
      products { __typename kind: __typename ...P ... on Book { pages } }
      search { ... on Product { upc } ... on Furniture { sku inStock } }
    } fragment P on Product { name reviews { id } }`);
    expect(data).toEqual({
      products: [
        { __typename: 'Furniture', kind: 'Furniture', name: 'Table', reviews: [{ id: 'r1' }, { id: 'r3' }] },
        { __typename: 'Book', kind: 'Book', name: 'Novel', reviews: [{ id: 'r2' }], pages: 300 },
        { __typename: 'Furniture', kind: 'Furniture', name: 'Chair', reviews: [] },
      ],
      search: [{ upc: 'p1', sku: 's1', inStock: true }, { upc: 'p2' }, { upc: 'p3', sku: 's3', inStock: false }],
    });
  });

  it('answers aliases that are properties of every object', async () => {
    const { data } = await shop().run(
      '{ me { constructor: name toString: email __proto__: id hasOwnProperty: nickname } }',
    );
    expect(JSON.stringify(data)).toBe(
      '{"me":{"constructor":"Ada","toString":"ada@example.org","__proto__":"u1","hasOwnProperty":"Ada"}}',
    );
  });

  it('merges fragments and aliases of one response name', async () => {
    const { data } = await shop().run(`{
      me { reviews { id } ...More }
      again: me { name }
    } fragment More on User { reviews { body tags } name }`);
    expect(data).toEqual({
      me: {
        reviews: [
          { id: 'r1', body: 'Love it', tags: [['a', 'b'], ['c']] },
          { id: 'r2', body: 'Too expensive', tags: [] },
        ],
        name: 'Ada',
      },
      again: { name: 'Ada' },
    });
  });
});

describe('@skip and @include', () => {
  const query = `query($with: Boolean!, $without: Boolean! = false) {
    me { name @skip(if: $without) reviews @include(if: $with) { id product { name @include(if: $with) @skip(if: $without) } } }
    latest @include(if: $with) { id @include(if: false) body @include(if: true) }
  }`;

  it('follows the variables, fetches included', async () => {
    const federation = shop();
    expect((await federation.run(query, { variables: { with: false } })).data).toEqual({ me: { name: 'Ada' } });
    expect(federation.requestsTo('reviews')).toHaveLength(0);

    expect((await federation.run(query, { variables: { with: true, without: true } })).data).toEqual({
      me: {
        reviews: [
          { id: 'r1', product: {} },
          { id: 'r2', product: {} },
        ],
      },
      latest: [{ body: 'Love it' }, { body: 'Too expensive' }, { body: 'Could be better' }],
    });
  });

  it('keeps an object of which every field is left out', async () => {
    const { data } = await shop().run(
      'query($no: Boolean!) { me { reviews { id @include(if: $no) } name @include(if: $no) } }',
      {
        variables: { no: false },
      },
    );
    expect(data).toEqual({ me: { reviews: [{}, {}] } });
  });

  it('does not let a requirement of what is left out keep back what is not', async () => {
    const query = 'query($no: Boolean!) { products { ... on Furniture { shipping @include(if: $no) inStock } } }';
    const federation = shop();
    expect((await federation.run(query, { variables: { no: false } })).data).toEqual({
      products: [{ inStock: true }, {}, { inStock: false }],
    });
    expect(federation.requestsTo('catalog')[0]?.query).not.toContain('weight');
  });

  it('decides while the plan runs when there are many', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const fields = names.map((name) => `${name}: latest @include(if: $${name}) { author { name } }`);
    const query = `query(${names.map((name) => `$${name}: Boolean!`)}) { ${fields} me @skip(if: $a) { reviews { id } } }`;
    const federation = shop();
    const variables = { a: false, b: false, c: true, d: false, e: false, f: false };
    const { data } = await federation.run(query, { variables });
    expect(data).toEqual({
      c: [{ author: { name: 'Ada' } }, { author: { name: 'Ada' } }, { author: { name: 'Bob' } }],
      me: { reviews: [{ id: 'r1' }, { id: 'r2' }] },
    });
    expect((await federation.run(query, { variables: { ...variables, a: true, c: false } })).data).toEqual({
      a: data?.['c'],
    });
  });

  it('needs no subgraph when a literal excludes everything', async () => {
    const federation = shop();
    expect(await federation.run('{ me @skip(if: true) { id } }')).toEqual({ data: {} });
    expect(federation.requests).toHaveLength(0);
  });
});
