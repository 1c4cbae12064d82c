import { describe, expect, it } from '@jest/globals';
import { Federation, rights } from './federation.js';

const large = '9007199254740993';
const federation = new Federation(
  [
    {
      name: 'ledger',
      typeDefs: `
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated"])
        scalar Long scalar JSON
        type Query {
          total(long: Long = ${large}, json: JSON = {n: [${large}, 1.50], s: "x"}, in: Box = {long: ${large}}): Int
          secret: Int @authenticated
        }
        input Box { long: Long = ${large}, longs: [[Long!]] = [[${large}]], box: Box, int: Int = 3 }`,
      resolvers: { Query: { total: () => 1 } },
    },
  ],
  { filterIntrospection: true },
);

describe('default values with numbers that a double would change', () => {
  it.each([
    ['callers who may see everything', true],
    ['callers who may not', false],
  ])('are introspected as they are written, also lists and objects of custom scalars: %s', async (_, authenticated) => {
    const { data, errors } = await federation.run(
      `{ query: __type(name: "Query") { fields { name args { name defaultValue } } }
         box: __type(name: "Box") { inputFields { name defaultValue } } }`,
      { rights: rights({ authenticated }) },
    );
    expect(errors).toBeUndefined();
    const { query, box } = data as Record<string, { fields: { args: unknown }[]; inputFields: unknown }>;
    expect(query?.fields).toHaveLength(authenticated ? 2 : 1);
    expect(query?.fields[0]?.args).toEqual([
      { name: 'long', defaultValue: large },
      { name: 'json', defaultValue: `{n: [${large}, 1.50], s: "x"}` },
      { name: 'in', defaultValue: `{long: ${large}}` },
    ]);
    expect(box?.inputFields).toEqual([
      { name: 'long', defaultValue: large },
      { name: 'longs', defaultValue: `[[${large}]]` },
      { name: 'box', defaultValue: null },
      { name: 'int', defaultValue: '3' },
    ]);
  });

  it('are as they are written in the input objects that subgraphs get', async () => {
    await federation.run('query ($in: Box) { total(in: $in) }', { variables: { in: { box: {} } } });
    const box = `"long":${large},"longs":[[${large}]]`;
    expect(JSON.stringify(federation.requests.at(-1)?.variables)).toBe(
      `{"in":{${box},"box":{${box},"int":3},"int":3}}`,
    );
  });
});
