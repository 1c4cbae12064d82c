import { expect, it } from '@jest/globals';
import { errorsOf, Federation, type TestSubgraph } from '../federation.js';

/** A query, the exact data of its answer, and what else there is to say. */
export type Case = readonly [
  query: string,
  data: Record<string, unknown> | null,
  also?: {
    readonly variables?: Record<string, unknown>;
    /** Paths of the answer's errors; none where it is left out. */
    readonly errors?: readonly string[];
    /** How many requests each subgraph gets. */
    readonly requests?: Readonly<Record<string, number>>;
  },
];

/** One test per query, on subgraphs of its own. */
export const answers = (subgraphs: readonly TestSubgraph[], cases: readonly Case[]): void =>
  it.each(cases)('%s', async (query, data, { variables, errors = [], requests } = {}) => {
    const federation = new Federation(subgraphs);
    const result = await federation.run(query, { variables });
    expect({ data: result.data, errors: errorsOf(result).map(({ path }) => path) }).toEqual({ data, errors });
    if (requests) {
      expect(Object.fromEntries(subgraphs.map(({ name }) => [name, federation.requestsTo(name).length]))).toEqual(
        requests,
      );
    }
  });

/** Finds objects by the value of a key, as a subgraph resolves references; a list of keys is tried in order. */
export const by =
  <T extends object>(objects: readonly T[], ...keys: readonly (keyof T)[]) =>
  (reference: Partial<T>): T | null =>
    objects.find((object) => keys.some((key) => reference[key] !== undefined && object[key] === reference[key])) ??
    null;

/** A resolver that no good plan calls. */
export const never = (): never => {
  throw new Error('A poor plan');
};
