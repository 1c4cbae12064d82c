import { describe, expect, it } from '@jest/globals';
import { errorsOf, Federation, type TestSubgraph } from '../federation.js';

const COUNT = 400;
const nodes = Array.from({ length: COUNT }, () => ({ name: 'x'.repeat(100) }));

const tree: TestSubgraph = {
  name: 'tree',
  typeDefs: `
    type Query { nodes: [Node] strict: [Strict] }
    type Node { name: String nodes: [Node] }
    type Strict { name: String gone: Int! }`,
  resolvers: {
    Query: { nodes: () => nodes },
    Node: { nodes: () => nodes.slice(0, 10) },
  },
};

const PER_OPERATION = 2_000_000;
const bytesOf = (result: { data?: unknown }) => JSON.stringify(result.data).length;
const codesOf = (result: Parameters<typeof errorsOf>[0]) => [...new Set(errorsOf(result).map(({ code }) => code))];
const aliased = (field: string) =>
  Array.from({ length: 50 }, (_, index) => `${'a'.repeat(900)}${index}: ${field}`).join(' ');

describe('the answer that is written', () => {
  const open = () => new Federation([tree], { responses: { perOperation: PER_OPERATION } });

  it.each([
    ['names of types', `{ nodes { ${aliased('__typename')} nodes { ${aliased('__typename')} } } }`],
    ['a value', `{ nodes { ${aliased('name')} } }`],
  ])('ends where it is too large, however often aliases repeat %s', async (_, query) => {
    const result = await open().run(query);
    expect(codesOf(result)).toEqual(['MAX_RESPONSE_BYTES_LIMIT']);
    expect(errorsOf(result)).toHaveLength(1);
    expect(bytesOf(result)).toBeGreaterThan(PER_OPERATION / 2);
    expect(bytesOf(result)).toBeLessThan(PER_OPERATION * 1.1);
  });

  it('is whole below that', async () => {
    const result = await open().run('{ nodes { name nodes { name } } }');
    expect(result.errors).toBeUndefined();
    expect(result.data?.['nodes']).toHaveLength(COUNT);
  });

  it('tells of no more errors than anybody reads', async () => {
    const federation = open();
    federation.intercepts.set('tree', async () => ({
      data: { strict: Array.from({ length: 20_000 }, () => ({ gone: null })) },
    }));
    const result = await federation.run('{ strict { gone } }');
    expect(codesOf(result)).toEqual(['NULL_FOR_NON_NULL_FIELD']);
    expect(errorsOf(result)).toHaveLength(10_000);
  });
});
