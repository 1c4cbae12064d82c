import { ANY, ANY_AND_GET, type Attack, type Family } from '../attack.js';

const VALIDATION = { status: 400, codes: ['GRAPHQL_VALIDATION_FAILED'] };
const probe = (name: string, query: string, gets: Attack['gets'] = VALIDATION, over = ANY_AND_GET): Attack => ({
  name,
  ask: { query },
  over,
  gets,
});
const guess = (name: string, query: string, variables?: Record<string, unknown>): Attack => ({
  name,
  ask: { query, variables },
  over: ANY_AND_GET,
  gets: { status: 400, lacks: /did you mean|\b(salaries|blueprint|red|product|skip)\b/i },
});

/** Attempts to read a schema that is not shown. */
export const schemaProbing: Family = {
  name: 'introspection and suggestions',
  attacks: [
    probe('__schema', '{ __schema { types { name } } }'),
    probe('__schema under another name', '{ harmless: __schema { types { name } } }'),
    probe(
      '__schema in a fragment, beside a field',
      '{ hello ...F } fragment F on Query { __schema { queryType { name } } }',
      {
        status: 400,
        codes: ['GRAPHQL_VALIDATION_FAILED'],
        lacks: /Hello/,
      },
    ),
    probe('__type', '{ __type(name: "Product") { fields { name } } }'),
    probe('the subgraphs’ _service', '{ _service { sdl } }'),
    probe(
      'the subgraphs’ _entities',
      '{ _entities(representations: [{ __typename: "User", id: "1" }]) { __typename } }',
    ),
    probe('a field that is inaccessible', '{ blueprint }'),
    guess('a field that is nearly right', '{ salarie }'),
    guess('a type that is nearly right', '{ hello ... on Produkt { id } }'),
    guess('an argument that is nearly right', '{ hello(nam: "x") }'),
    guess('a variable’s type that is nearly right', 'query ($c: Colr) { hello }'),
    guess('an enum value that is nearly right', '{ hello(filter: { color: REDD }) }'),
    guess('an enum value that is nearly right, in a variable', 'query ($f: Filter) { hello(filter: $f) }', {
      f: { color: 'REDD' },
    }),
    guess('a directive that is nearly right', '{ hello @skp(if: true) }'),
    {
      name: 'ten thousand wrong fields, for ten thousand errors',
      ask: { query: `{ product(id: "1") { ${Array.from({ length: 1_900 }, (_, n) => `f${n}`).join(' ')} } }` },
      over: ANY,
      gets: { status: 400, lacks: /f1500/ },
    },
  ],
  neighbours: [
    {
      name: '__typename',
      ask: { query: '{ __typename }' },
      over: ANY_AND_GET,
      gets: { status: 200, data: { __typename: 'Query' } },
    },
    {
      name: 'an enum value that is right',
      ask: { query: 'query ($f: Filter) { hello(filter: $f) }', variables: { f: { color: 'RED' } } },
      over: ANY_AND_GET,
      gets: { status: 200, codes: [] },
    },
  ],
};
