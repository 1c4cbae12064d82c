import { describe, expect, it } from '@jest/globals';
import type { EngineOptions } from '@platform/federation-engine';
import { errorsOf, Federation, rights, type TestSubgraph } from './federation.js';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible", "@requiresScopes"])\n';

/** Both know the way back to Query; what one of them says of its own schema is nobody's business. */
const office: TestSubgraph = {
  name: 'office',
  typeDefs: `${link}
    type Query { self: Query maybe: Query desks: [Desk!] any: [Any] payroll: Payroll @requiresScopes(scopes: [["hr"]]) hidden: Secret @inaccessible }
    type Mutation { move: Moved }
    type Subscription { moved: Moved }
    type Moved { query: Query desk: Desk }
    type Desk @key(fields: "id") { id: ID! }
    union Any = Query | Desk
    type Payroll { total: Int }
    type Secret @inaccessible { key: String }`,
  resolvers: {
    Query: {
      self: () => ({}),
      maybe: () => null,
      desks: () => [{ id: '1' }, { id: '2' }],
      any: () => [{ __typename: 'Query' }, { __typename: 'Desk', id: '1' }],
    },
    Mutation: { move: () => ({ query: {}, desk: { id: '1' } }) },
    Subscription: { moved: () => ({ query: {} }) },
  },
};

const garden: TestSubgraph = {
  name: 'garden',
  typeDefs: `${link}
    type Query { trees: Int }
    type Desk @key(fields: "id") { id: ID! query: Query }`,
  resolvers: { Desk: { query: () => ({}) } },
};

const open = (options: Partial<EngineOptions> = {}) => new Federation([office, garden], options);

/** No subgraph hears of it. */
function askedNobody({ requests }: Federation): void {
  for (const { query } of requests) expect(query).not.toMatch(/__schema|__type\b|_service/);
}

const types = ['Query', 'Mutation', 'Desk', 'Payroll', 'Secret', 'Nothing'];

describe('introspection below the root', () => {
  it.each([
    ['in a field', (type: string) => `{ self { ${type} } }`, ['self']],
    ['deeper', (type: string) => `{ self { a: self { ${type} } } }`, ['self', 'a']],
    ['in an inline fragment', (type: string) => `{ self { ... { ... on Query { ${type} } } } }`, ['self']],
    ['in a named fragment', (type: string) => `{ self { ...F } } fragment F on Query { ${type} }`, ['self']],
    ['in a fragment for both', (type: string) => `{ ...F self { ...F } } fragment F on Query { ${type} }`, ['self']],
    ['in a member of a union', (type: string) => `{ any { __typename ... on Query { ${type} } } }`, ['any', '0']],
    ['in another subgraph’s entity', (type: string) => `{ desks { query { ${type} } } }`, ['desks', '1', 'query']],
    ['in a mutation’s payload', (type: string) => `mutation { move { query { ${type} } } }`, ['move', 'query']],
    [
      'in an entity of a payload',
      (type: string) => `mutation { move { desk { query { ${type} } } } }`,
      ['move', 'desk', 'query'],
    ],
  ] as const)('is answered as at the root %s', async (_place, within, path) => {
    const federation = open({ filterIntrospection: true });
    for (const type of types) {
      const field = `answer: __type(name: "${type}") { kind fields { name } possibleTypes { name } }`;
      const atRoot = await federation.run(`{ ${field} }`);
      const below = await federation.run(within(field));
      expect(below.errors).toBeUndefined();
      const found = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], below.data);
      expect((found as Record<string, unknown>)['answer']).toEqual(atRoot.data?.['answer']);
    }
    askedNobody(federation);
  });

  it('hides what the API hides, and what the caller may not use', async () => {
    const query = `{ self { secret: __type(name: "Secret") { name } payroll: __type(name: "Payroll") { name }
      __schema { queryType { fields { name } } } } }`;
    const federation = open({ filterIntrospection: true });
    const seen = async (scopes: string[]) =>
      (await federation.run(query, { rights: rights({ scopes }) })).data?.['self'];
    const fields = ['self', 'maybe', 'desks', 'any', 'trees'].map((name) => ({ name }));
    expect(await seen([])).toEqual({
      secret: null,
      payroll: null,
      __schema: { queryType: { fields: expect.arrayContaining(fields) as unknown } },
    });
    expect(await seen(['hr'])).toMatchObject({ secret: null, payroll: { name: 'Payroll' } });
    expect(JSON.stringify(await seen(['hr']))).not.toMatch(/hidden|Secret|_service|_entities/);
    askedNobody(federation);
  });

  it('merges selections, takes variables, and decides conditions', async () => {
    const federation = open();
    const query = `query ($name: String!, $more: Boolean!, $none: Boolean!) {
      self { __type(name: $name) { name } ...F gone: __schema @include(if: $none) { __typename } }
      ... @skip(if: $none) { self { __type(name: $name) { ...G } } }
    }
    fragment F on Query { __type(name: $name) { kind @include(if: $more) } }
    fragment G on __Type { fields(includeDeprecated: $none) { name } }`;
    const variables = { name: 'Payroll', more: true, none: false };
    const whole = { name: 'Payroll', kind: 'OBJECT', fields: [{ name: 'total' }] };
    expect(await federation.run(query, { variables })).toEqual({ data: { self: { __type: whole } } });
    const less = await federation.run(query, { variables: { ...variables, name: 'Desk', more: false } });
    expect(less.data).toEqual({ self: { __type: { name: 'Desk', fields: [{ name: 'id' }, { name: 'query' }] } } });
    askedNobody(federation);
  });

  it('is null where the object is, and stands for every object of a list', async () => {
    const federation = open();
    const { data } = await federation.run(
      '{ maybe { __type(name: "Desk") { name } } desks { query { __type(name: "Desk") { name } } } }',
    );
    const found = { query: { __type: { name: 'Desk' } } };
    expect(data).toEqual({ maybe: null, desks: [found, found] });
  });

  it('comes with its deferred fragment', async () => {
    const federation = open();
    const pieces = await federation.runInParts(
      '{ self { a: __type(name: "Desk") { name } ... @defer { b: __type(name: "Any") { name } __schema { queryType { name } } } } }',
    );
    expect(pieces).toEqual([
      { data: { self: { a: { name: 'Desk' } } }, hasNext: true },
      {
        incremental: [{ data: { b: { name: 'Any' }, __schema: { queryType: { name: 'Query' } } }, path: ['self'] }],
        hasNext: false,
      },
    ]);
    askedNobody(federation);
  });

  it('is answered for each event of a subscription, and never subscribed to', async () => {
    const federation = open();
    const query =
      'subscription { moved { query { __type(name: "Secret") { name } __schema { queryType { name } } } } }';
    const { engine } = federation;
    const prepared = await engine.prepare(engine.operation(query));
    expect(engine.sourceOf(prepared)).not.toMatch(/__schema|__type\b/);
    const result = await engine.complete(prepared, {
      data: { moved: { __typename: 'Moved', query: { __typename: 'Query' } } },
    });
    expect(result.data).toEqual({ moved: { query: { __type: null, __schema: { queryType: { name: 'Query' } } } } });
  });

  it.each([
    '{ self { __schema { queryType { name } } } }',
    'mutation { move { query { __type(name: "Desk") { name } } } }',
  ])('is refused with introspection switched off: %s', async (query) => {
    const federation = open({ introspection: false });
    await expect(federation.run(query)).rejects.toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    expect(federation.requests).toEqual([]);
  });

  it.each([
    '{ self { __schema { types { fields { type { fields { type { fields { name } } } } } } } } }',
    '{ self { self { ...F } } } fragment F on Query { __type(name: "Desk") { fields { type { interfaces { possibleTypes { name } } } } } }',
  ])('is held to its depth: %s', async (query) => {
    await expect(open().run(query)).rejects.toThrow('Maximum introspection depth exceeded');
  });

  it.each([
    '{ self { _service { sdl } } }',
    '{ self { _entities(representations: []) { __typename } } }',
    '{ self { __entities } }',
    '{ desks { __schema { queryType { name } } } }',
    'mutation { __schema { queryType { name } } }',
    'mutation { _service { sdl } }',
    '{ any { ... on Desk { __type(name: "Desk") { name } } } }',
    '{ any { __type(name: "Desk") { name } } }',
  ])('is all that can be asked of the schema: %s is refused', async (query) => {
    const federation = open();
    await expect(federation.run(query)).rejects.toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    expect(federation.requests).toEqual([]);
  });

  it('is not written for every object of a list once the answer is too large', async () => {
    const federation = open({ responses: { perOperation: 1_000 } });
    const whole = '__schema { types { name description fields { name description } } }';
    const result = await federation.run(`{ desks { query { ${whole} } } }`);
    expect(result.data).toEqual({ desks: null });
    expect(errorsOf(result)).toEqual([{ code: 'MAX_RESPONSE_BYTES_LIMIT', path: 'desks.1' }]);
  });
});
