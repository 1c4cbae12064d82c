import { describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '@platform/router/engine';
import fc from 'fast-check';
import { graphql, parse, validate } from 'graphql';
import { plain } from './federation.js';
import { randomOperation } from './random-operation.js';
import { universe, whole } from './universe.js';

const variables = { yes: true, no: false };
/** More in a nightly run; a failing seed is printed and can be given back here. */
const runs = Number(process.env['DIFFERENTIAL_RUNS'] ?? 300);
const seed = process.env['DIFFERENTIAL_SEED'] ? Number(process.env['DIFFERENTIAL_SEED']) : undefined;

const pathsOf = ({ errors = [] }: ExecutionResult) => new Set(errors.map(({ path }) => path?.join('.') ?? ''));

/** The null of the answer that an error at the path has led to; undefined when the answer has a value there. */
function nullAt(data: unknown, path: string): string | undefined {
  let value = data;
  const keys = path.split('.');
  for (const [depth, key] of keys.entries()) {
    if (value === null || value === undefined) return keys.slice(0, depth).join('.');
    value = (value as Record<string, unknown>)[key];
  }
  return value === null ? path : undefined;
}

/** Every null has an error on both sides; which one, where several lead to the same null, is a matter of order. */
const unexplained = (paths: ReadonlySet<string>, others: ReadonlySet<string>, data: unknown): string[] =>
  [...paths].filter((path) => {
    const nulled = nullAt(data, path);
    return !others.has(path) && (nulled === undefined || ![...others].some((other) => other.startsWith(nulled)));
  });

describe('random operations', () => {
  const federation = universe();
  const schema = whole(federation.engine.supergraph.apiSchema);
  const isValid = (query: string) => validate(schema, parse(query)).length === 0;

  async function agrees(query: string): Promise<void> {
    const expected = plain((await graphql({ schema, source: query, variableValues: variables })) as ExecutionResult);
    const actual = await federation.run(query, { variables });

    expect(JSON.stringify(actual.data)).toBe(JSON.stringify(expected.data));
    const reported = pathsOf(actual);
    const wanted = pathsOf(expected);
    expect(unexplained(wanted, reported, actual.data)).toEqual([]);
    expect(unexplained(reported, wanted, actual.data)).toEqual([]);
  }

  it('are answered as one graphql-js schema over the same data answers them', async () => {
    const operation = fc.noShrink(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 })));
    await fc.assert(
      fc.asyncProperty(operation, async ([number, depth]) => {
        const query = randomOperation(schema, number, depth);
        fc.pre(isValid(query));
        await agrees(query).catch((cause: Error) => {
          throw new Error(`${query}\n\n${cause.message}`);
        });
      }),
      { numRuns: runs, ...(seed !== undefined && { seed }) },
    );
  }, 600_000);
});
