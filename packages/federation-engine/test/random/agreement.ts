import { expect } from '@jest/globals';
import type { ExecutionResult } from '@platform/federation-engine';

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
export const unexplained = (paths: ReadonlySet<string>, others: ReadonlySet<string>, data: unknown): string[] =>
  [...paths].filter((path) => {
    const nulled = nullAt(data, path);
    return !others.has(path) && (nulled === undefined || ![...others].some((other) => other.startsWith(nulled)));
  });

/** Same data to the letter, order included, and errors for the same nulls. */
export function expectAgreement(actual: ExecutionResult, expected: ExecutionResult): void {
  expect(JSON.stringify(actual.data)).toBe(JSON.stringify(expected.data));
  const reported = pathsOf(actual);
  const wanted = pathsOf(expected);
  expect(unexplained(wanted, reported, actual.data)).toEqual([]);
  expect(unexplained(reported, wanted, actual.data)).toEqual([]);
}
