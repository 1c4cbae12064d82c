import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { AuthorizationContext, ExecutionResult, Overrides } from '@platform/federation-engine';
import { randomRuns } from '@platform/testkit';
import { type GraphQLSchema, graphql, parse, validate } from 'graphql';
import { type Federation, plain } from './federation.js';
import { expectAgreement } from './random/agreement.js';
import { readByGraphqlJs, withNumericIds } from './random/exact-numbers.js';
import { ledger } from './random/ledger.js';
import { library } from './random/library.js';
import { type RandomOperation, randomNumbers, randomOperation } from './random/random-operation.js';
import { views } from './random/views.js';
import { World } from './random/world.js';
import { universe, whole } from './universe.js';

/**
 * Random operations, answered by the engine and by one graphql-js schema over the same data: they must agree in data,
 * order, null propagation and errors. A failure names its seed; `TEST_RANDOM_SEED=<seed> TEST_RANDOM_RUNS=1` runs that
 * one alone. `npm run nightly` runs 100,000 of them.
 */
const { runs, seed: first } = randomRuns(560);

interface Contest {
  readonly federation: Federation;
  readonly schema: GraphQLSchema;
}

const everything: AuthorizationContext = {
  authenticated: true,
  scopes: new Set(),
  policies: new Proxy(new Set<string>(), { get: (set, key) => (key === 'has' ? () => true : Reflect.get(set, key)) }),
};

function contestOf(world: World): Contest {
  const federation = world.federation();
  return { federation, schema: world.monolith(federation.engine.supergraph.apiSchema) };
}

const contests: Record<string, () => Contest> = {
  'hand-written resolvers': () => {
    const federation = universe();
    return { federation, schema: whole(federation.engine.supergraph.apiSchema) };
  },
  'abstract types, interface objects and requirements': () => contestOf(new World(library)),
  'types that exclude each other, wide interfaces and renamed query types': () => contestOf(new World(views)),
  'numbers that a double would change': () => {
    const contest = contestOf(new World(ledger));
    for (const { name } of ledger)
      contest.federation.intercepts.set(name, async (request, next) => withNumericIds(await next(), request));
    return contest;
  },
  'the platform’s own supergraph': () => {
    const repository = join(import.meta.dirname, '../../..');
    const names = ['identity', 'authz', 'audit', 'blog'];
    return contestOf(
      new World(
        names.map((name) => ({
          name,
          typeDefs: readFileSync(join(repository, 'subgraphs', name, 'schema.graphql'), 'utf8'),
        })),
      ),
    );
  },
};

async function agrees({ federation, schema }: Contest, { query, variables }: RandomOperation, overrides: Overrides) {
  const expected = plain(
    (await graphql({ schema, source: query, variableValues: readByGraphqlJs(variables) })) as ExecutionResult,
  );
  const actual = await federation.run(query, { variables: plain(variables), rights: everything, overrides });
  expectAgreement(actual, expected);
  federation.requests.length = 0;
}

describe('random operations are answered as one schema over the same data answers them', () => {
  it.each(Object.entries(contests))(
    'with %s',
    async (_, prepare) => {
      const contest = prepare();
      const share = Math.ceil(runs / Object.keys(contests).length);
      let answered = 0;
      for (let seed = first; answered < share; seed++) {
        const operation = randomOperation(contest.schema, seed, 1 + (seed % 3));
        if (validate(contest.schema, parse(operation.query)).length > 0) continue;
        answered++;
        const draw = randomNumbers(seed);
        await agrees(contest, operation, () => draw(2) === 0).catch((cause: Error) => {
          const { query, variables } = operation;
          throw new Error(`TEST_RANDOM_SEED=${seed}\n${query}\n${JSON.stringify(variables)}\n\n${cause.message}`, {
            cause,
          });
        });
      }
      expect(answered).toBe(share);
    },
    3_600_000,
  );
});
