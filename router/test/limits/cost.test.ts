import { CostWorld } from './cost-world.js';

describe('the estimated cost', () => {
  const world = new CostWorld();

  it.each([
    ['leaves cost nothing, objects one', '{ book { id title } }', 1],
    ['leaves with arguments cost one, each', '{ book { excerpt a: excerpt(length: 3) b: excerpt(length: 4) } }', 1 + 3],
    ['types and fields may have weights of their own', '{ book { cover { url } } report }', 1 + 5 + 25],
    ['a slicing argument bounds a list', '{ books(first: 3) { author { name rating } } }', 3 * (1 + 1 + 2)],
    ['the largest of several counts', '{ books(first: 3, last: 5) { id } }', 5],
    ['without one a list has its assumed size', '{ books { id } }', 7],
    ['and without that the configured one', '{ unknown { id } }', 10],
    ['lists of lists multiply', '{ grid { id } }', 100],
    ['a sized field has the size that its parent was given', '{ page(size: 4) { total nodes { id } } }', 1 + 4],
    ['every sized field', '{ page(size: 4) { nodes { id } edges { node { id } } } }', 1 + 4 + 4 * 2],
    ['sizes multiply', '{ books(first: 3) { author { friends(first: 4) { id } } } }', 3 * (1 + 1 + 4)],
    ['defaults of arguments count as given', '{ me { friends { id } } }', 1 + 2],
    [
      'a mutation costs ten, its input too',
      'mutation { add(filter: { text: "x", tags: [{ name: "a" }, {}] }) { id } }',
      10 + 1 + 1 + 3 + 2,
    ],
    [
      'fragments are added up',
      '{ anything { ... on Book { cover { url } } ... on Author { friends(first: 2) { id } } } }',
      3 * (1 + 5 + 2),
    ],
    ['introspection and __typename are free', '{ __typename __schema { types { name } } }', 0],
    ['what is left out is free', '{ book @skip(if: true) { id } report @include(if: false) }', 0],
    ['a negative size takes nothing off', '{ books(first: -1000) { id } report }', 25],
  ])('%s', (_, query, cost) => {
    expect(world.estimate(query).total).toBe(cost);
  });

  it.each([
    [{ n: 5, on: true }, 5 + 25],
    [{ n: 5, on: false }, 5],
    [{ on: false }, 7],
    [{ n: null, on: false }, 7],
  ])('takes the variables %j into account', (variables, cost) => {
    const query = 'query ($n: Int, $on: Boolean!) { books(first: $n) { id } report @include(if: $on) }';
    expect(world.estimate(query, variables).total).toBe(cost);
  });

  it('takes variables within input objects into account', () => {
    const part = 'mutation ($text: String, $tags: [Tag!]) { add(filter: { text: $text, tags: $tags }) { id } }';
    expect(world.estimate(part, { text: 'x' }).total).toBe(10 + 1 + 1 + 3);
    expect(world.estimate(part, { text: 'x', tags: [{}, {}] }).total).toBe(10 + 1 + 1 + 3 + 2);
    const whole = 'mutation ($filter: Filter!) { add(filter: $filter) { id } }';
    expect(world.estimate(whole, { filter: { nested: { nested: { text: 'x' } } } }).total).toBe(10 + 1 + 3 + 3);
  });

  it('cannot be told where exactly one slicing argument is needed', () => {
    expect(() => world.estimate('{ page { nodes { id } } }')).toThrow(
      'Query.page needs exactly one of these arguments: size',
    );
  });

  it('is told by subgraph', () => {
    const { bySubgraph } = world.estimate('{ books(first: 3) { author { id rating friends(first: 2) { id } } } }');
    expect(Object.fromEntries(bySubgraph)).toEqual({ books: 3 * 2, people: 3 * (2 + 2) });
  });
});

describe('the actual cost', () => {
  it('counts what is there', async () => {
    const world = new CostWorld();
    world.length = (most) => Math.min(most, 2);
    expect(await world.actual('{ books(first: 50) { title author { rating friends(first: 9) { name } } } }')).toBe(
      2 * (1 + 1 + 2 + 2),
    );
    expect(await world.actual('mutation { add(filter: { text: "x" }) { id } }')).toBe(10 + 1 + 1 + 3);
  });
});
