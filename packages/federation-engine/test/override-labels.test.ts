import { describe, expect, it } from '@jest/globals';
import { overridesFor } from '@platform/federation-engine';
import { Federation } from './federation.js';

const moving = (label: string) =>
  new Federation([
    {
      name: 'old',
      typeDefs: 'type Query { items: [Item] } type Item @key(fields: "id") { id: ID! price: Int stock: Int }',
      resolvers: { Query: { items: () => [{ id: '1', price: 1, stock: 5 }] } },
    },
    {
      name: 'new',
      typeDefs: `type Item @key(fields: "id") { id: ID! price: Int @override(from: "old", label: "${label}") label: String @requires(fields: "stock") stock: Int @external }`,
      resolvers: { Item: { price: () => 2, label: ({ stock }) => `${stock} left` } },
    },
  ]);

const price = async (federation: Federation, overrides?: (label: string) => boolean, variables = { yes: true }) => {
  const query =
    'query($yes: Boolean = true) { items { price @include(if: $yes) stock @include(if: $yes) label @include(if: $yes) } }';
  const { data, errors } = await federation.run(query, { overrides, variables });
  expect(errors).toBeUndefined();
  return data?.['items'];
};

describe('progressive @override', () => {
  it('asks the old subgraph while the label is off and the new one while it is on, in one process', async () => {
    const federation = moving('percent(50)');
    expect(await price(federation)).toEqual([{ price: 1, stock: 5, label: '5 left' }]);
    expect(await price(federation, () => true)).toEqual([{ price: 2, stock: 5, label: '5 left' }]);
    expect(await price(federation, () => false)).toEqual([{ price: 1, stock: 5, label: '5 left' }]);
  });

  it('gives the labels of the supergraph to whoever decides', async () => {
    const asked = new Set<string>();
    await price(moving('beta'), (label) => {
      asked.add(label);
      return false;
    });
    expect([...asked]).toEqual(['beta']);
  });

  it('decides where conditions are left to the execution of the plan, too', async () => {
    const federation = moving('percent(50)');
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const query = `query(${names.map((name) => `$${name}: Boolean = true`).join(' ')}) { items {
      ${names.map((name) => `${name}: price @include(if: $${name})`).join(' ')} } }`;
    for (const on of [false, true, false]) {
      const { data } = await federation.run(query, { overrides: () => on, variables: { b: false } });
      expect(data).toEqual({
        items: [{ a: on ? 2 : 1, c: on ? 2 : 1, d: on ? 2 : 1, e: on ? 2 : 1, f: on ? 2 : 1, g: on ? 2 : 1 }],
      });
    }
  });
});

describe('overridesFor', () => {
  const callers = Array.from({ length: 2000 }, (_, number) => `caller-${number}`);
  const share = (label: string, shares = {}) =>
    callers.filter((caller) => overridesFor(shares, caller)(label)).length / callers.length;

  it('draws percent(n) of the callers, each always alike', () => {
    expect(share('percent(30)')).toBeGreaterThan(0.25);
    expect(share('percent(30)')).toBeLessThan(0.35);
    expect(share('percent(0)')).toBe(0);
    expect(share('percent(100)')).toBe(1);
    const drawn = () => callers.map((caller) => overridesFor({}, caller)('percent(30)'));
    expect(drawn()).toEqual(drawn());
  });

  it('draws the callers of one label independently of those of another', () => {
    const both = callers.filter((caller) => ['percent(50)', 'percent(50.0)'].every(overridesFor({}, caller))).length;
    expect(both / callers.length).toBeGreaterThan(0.2);
    expect(both / callers.length).toBeLessThan(0.3);
  });

  it('takes settings for labels of any name, and leaves labels without one off', () => {
    expect(share('beta')).toBe(0);
    expect(share('beta', { beta: true })).toBe(1);
    expect(share('percent(100)', { 'percent(100)': false })).toBe(0);
    expect(share('beta', { beta: 50 })).toBeGreaterThan(0.4);
  });
});
