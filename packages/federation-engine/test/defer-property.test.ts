import { describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '@platform/federation-engine';
import { randomRuns } from '@platform/testkit';
import { parse, validate } from 'graphql';
import type { Federation } from './federation.js';
import { merged } from './merged-parts.js';
import { unexplained } from './random/agreement.js';
import { deferred, primaryOf } from './random/deferred-operation.js';
import { library } from './random/library.js';
import { type RandomOperation, randomOperation } from './random/random-operation.js';
import { views } from './random/views.js';
import { World } from './random/world.js';
import { universe } from './universe.js';

/**
 * Random operations with `@defer` on random fragments. What comes first is the answer to the operation without them; all
 * parts together are the answer to the operation as a whole. They may hold more than that answer only where it has lost
 * something to a null that stayed within a part. A failure names its seed; `TEST_RANDOM_SEED=<seed> TEST_RANDOM_RUNS=1`
 * runs that one alone.
 */
const { runs, seed: first } = randomRuns(240);

const federations: Record<string, () => Federation> = {
  'hand-written resolvers': () => universe(),
  'abstract types, interface objects and requirements': () => new World(library).federation(),
  'types that exclude each other, wide interfaces and renamed query types': () => new World(views).federation(),
};

type Answer = Pick<ExecutionResult, 'data' | 'errors'>;

/** Where the merged parts lack something, or have something else. */
function lost(whole: unknown, parts: unknown, path: readonly string[]): string[] {
  if (whole === null || whole === undefined) return [];
  if (typeof whole !== 'object') return whole === parts ? [] : [path.join('.')];
  if (typeof parts !== 'object' || parts === null) return [path.join('.')];
  return Object.entries(whole).flatMap(([key, value]) =>
    lost(value, (parts as Record<string, unknown>)[key], [...path, key]),
  );
}

/** Where the merged parts have more, although no error of the whole answer is there. */
function gained(whole: unknown, parts: unknown, path: readonly string[], errors: readonly string[]): string[] {
  if (typeof parts !== 'object' || parts === null) {
    const more = parts !== null && parts !== undefined && parts !== whole;
    return more && !explained(path, errors) ? [path.join('.')] : [];
  }
  if (typeof whole !== 'object' || whole === null) return explained(path, errors) ? [] : [path.join('.')];
  return Object.entries(parts).flatMap(([key, value]) =>
    gained((whole as Record<string, unknown>)[key], value, [...path, key], errors),
  );
}

const explained = (path: readonly string[], errors: readonly string[]): boolean =>
  errors.some((error) => error === '' || error.startsWith(path.join('.')) || path.join('.').startsWith(error));

const pathsOf = ({ errors = [] }: Pick<Answer, 'errors'>) => errors.map(({ path }) => path?.join('.') ?? '');

async function holds(federation: Federation, operation: RandomOperation): Promise<boolean> {
  const { query, variables } = operation;
  const pieces = await federation.runInParts(query, { variables });
  const whole = await federation.run(query, { variables });
  const [beginning] = pieces;
  if (pieces.length > 1) {
    const expected = await federation.run(primaryOf(operation), { variables });
    // A subgraph that is asked for both at once lets the null of what is deferred take the rest along.
    const own = pathsOf(beginning ?? {});
    const missing = lost(expected.data, beginning?.data, []);
    expect(missing.filter((path) => !own.some((error) => error.startsWith(path)))).toEqual([]);
    expect(gained(expected.data, beginning?.data, [], [])).toEqual([]);
  }
  const parts = merged(pieces);
  const told = pathsOf(parts);
  expect(lost(whole.data, parts.data, [])).toEqual([]);
  expect(gained(whole.data, parts.data, [], pathsOf(whole))).toEqual([]);
  expect(unexplained(new Set(pathsOf(whole)), new Set(told), whole.data)).toEqual([]);
  expect(unexplained(new Set(told), new Set(pathsOf(whole)), whole.data)).toEqual([]);
  for (const { incremental = [] } of pieces) {
    for (const { data, errors = [] } of incremental) if (data === null) expect(errors).not.toEqual([]);
  }
  expect(pieces.map(({ hasNext }) => hasNext)).toEqual(pieces.map((_, index) => index < pieces.length - 1));
  federation.requests.length = 0;
  return pieces.length > 1;
}

describe('the parts of random operations make the answer that the operation has without @defer', () => {
  it.each(Object.entries(federations))(
    'with %s',
    async (_, prepare) => {
      const federation = prepare();
      const schema = federation.engine.supergraph.apiSchema;
      const share = Math.ceil(runs / Object.keys(federations).length);
      let answered = 0;
      let inParts = 0;
      for (let seed = first; answered < share; seed++) {
        const operation = deferred(randomOperation(schema, seed, 1 + (seed % 3)), seed);
        if (!operation.query.includes('@defer') || validate(schema, parse(operation.query)).length > 0) continue;
        answered++;
        const parts = await holds(federation, operation).catch((cause: Error) => {
          const { query, variables } = operation;
          throw new Error(`TEST_RANDOM_SEED=${seed}\n${query}\n${JSON.stringify(variables)}\n\n${cause.message}`, {
            cause,
          });
        });
        if (parts) inParts++;
      }
      expect(answered).toBe(share);
      if (share > 100) expect(inParts).toBeGreaterThan(share / 10);
    },
    3_600_000,
  );
});
