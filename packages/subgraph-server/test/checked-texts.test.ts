import { checkTexts } from '@platform/subgraph-server/graphql';
import { parse } from 'graphql';

const fieldsOf = (query: string, variables?: Record<string, unknown>): Record<string, string> => {
  try {
    checkTexts(parse(query), variables);
    return {};
  } catch (error) {
    return (error as { fields: Record<string, string> }).fields;
  }
};

const QUERY = '{ posts }';
const literal = (text: string): string => JSON.stringify(text);
const HOSTILE = ['a\0', '\ud800', '\udfff', `a${'\u0301'.repeat(31)}`, 'x'.repeat(200_001)];

describe('texts of a request', () => {
  it.each(HOSTILE)('are refused wherever they stand', (text) => {
    expect(Object.keys(fieldsOf(QUERY, { a: { b: [1, { c: text }] }, d: text })).sort()).toEqual(['a.b.1.c', 'd']);
    expect(Object.keys(fieldsOf(QUERY, { a: { [text]: 1 } }))).toEqual(['a']);
    if (!text.isWellFormed()) return expect(() => parse(`{ posts(a: ${literal(text)}) }`)).toThrow();
    expect(Object.keys(fieldsOf(`{ posts(filter: { tags: ["x", ${literal(text)}] }) }`))).toEqual(['filter.tags.1']);
    expect(
      Object.keys(
        fieldsOf(`query ($x: String = ${literal(text)}) { posts(a: $x) { b @c(d: ${literal(text)}) } }`),
      ).sort(),
    ).toEqual(['d', 'x']);
  });

  it('are taken in every script', () => {
    expect(fieldsOf('{ posts(a: "🖋 नमस्ते", b: """ block """) }', { a: ['日本語', null, 1, true, { b: 'é' }] })).toEqual(
      {},
    );
  });

  it('are looked at without recursion, and to a depth', () => {
    const nested = (depth: number) => Array.from({ length: depth }).reduce<unknown>((inner) => ({ a: inner }), 'x');
    expect(fieldsOf(QUERY, { deep: nested(5_000) })).toEqual({});
    expect(Object.values(fieldsOf(QUERY, { deep: nested(500_000) }))).toEqual(['At most 10000 levels.']);
  });
});
