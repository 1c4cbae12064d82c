import { describe, expect, it } from '@jest/globals';
import { type AuthorizationContext, loadSupergraph, RequestRefused } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { getIntrospectionQuery, graphqlSync } from 'graphql';
import { Federation, plain } from './federation.js';
import { shop } from './shop.js';

const codesOf = async (run: Promise<unknown>) => {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestRefused)) throw error;
  return error.errors.map(({ message, extensions }) => `${extensions?.['code']}: ${message}`);
};

describe('requests that are refused before anything runs', () => {
  it.each([
    ['{ me { ', undefined, 'GRAPHQL_PARSE_FAILED: Syntax Error'],
    ['{ nothing }', undefined, 'GRAPHQL_VALIDATION_FAILED: Cannot query field "nothing"'],
    [
      'query A { me { id } } query B { me { id } }',
      undefined,
      'OPERATION_RESOLUTION_FAILURE: Must provide operation name',
    ],
    ['query A { me { id } }', 'B', 'OPERATION_RESOLUTION_FAILURE: Unknown operation named "B".'],
    [
      'fragment F on User { id } query A { me { ...F } }',
      'F',
      'OPERATION_RESOLUTION_FAILURE: Unknown operation named "F".',
    ],
  ])('%s', async (query, operationName, expected) => {
    const federation = shop();
    const [first] = await codesOf(federation.run(query, { operationName }));
    expect(first).toContain(expected);
    expect(federation.requests).toHaveLength(0);
  });

  it('lists every variable that does not fit', async () => {
    const query = 'query($id: ID!, $yes: Boolean!) { user(id: $id) { name @include(if: $yes) } }';
    const errors = await codesOf(shop().run(query, { variables: { yes: 'maybe' } }));
    expect(errors).toHaveLength(2);
    expect(errors.every((error) => error.startsWith('BAD_USER_INPUT: Variable '))).toBe(true);
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('gives up on variables of too deeply nested %s before it looks at them', async (_, open, close) => {
    const nested = (depth: number) => JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);
    const run = (depth: number) =>
      shop({ maxVariableDepth: 10 }).run('{ me { id } }', { variables: { other: nested(depth) } });
    expect((await run(10)).data).toEqual({ me: { id: 'u1' } });
    for (const depth of [11, 100_000]) {
      expect(await codesOf(run(depth))).toEqual(['BAD_USER_INPUT: Variables may not be nested deeper than 10 levels.']);
    }
  });

  it('gives up on documents with too many tokens', async () => {
    const [error] = await codesOf(shop({ maxTokens: 10 }).run('{ me { id name email nickname reviews { id } } }'));
    expect(error).toContain('MAX_TOKENS_LIMIT');
  });

  it('gives up on fragments that expand without end in sight', async () => {
    const fragments = Array.from({ length: 20 }, (_, n) => `fragment F${n} on User { ...F${n + 1} ...F${n + 1} }`).join(
      ' ',
    );
    const [error] = await codesOf(
      shop({ maxFields: 1000 }).run(`{ me { ...F0 } } ${fragments} fragment F20 on User { id }`),
    );
    expect(error).toBe('GRAPHQL_VALIDATION_FAILED: The operation selects more than 1000 fields.');
  });
});

describe('introspection', () => {
  it('answers the whole API schema as graphql-js does', async () => {
    const federation = shop();
    const { data } = await federation.run(getIntrospectionQuery());
    expect(data).toEqual(
      plain(graphqlSync({ schema: federation.engine.supergraph.apiSchema, source: getIntrospectionQuery() }).data),
    );
    expect(federation.requests).toHaveLength(0);
  });

  it('mixes with other fields, in the order of the query', async () => {
    const result = await shop().run(
      `query($name: String!) { a: __typename me { id } ...I } fragment I on Query { __schema { queryType { name } } t: __type(name: $name) { kind } }`,
      { variables: { name: 'User' } },
    );
    expect(JSON.stringify(result)).toBe(
      '{"data":{"a":"Query","me":{"id":"u1"},"__schema":{"queryType":{"name":"Query"}},"t":{"kind":"OBJECT"}}}',
    );
  });

  it('can be switched off, __typename excepted', async () => {
    const federation = shop({ introspection: false });
    const [error] = await codesOf(federation.run('{ __schema { queryType { name } } }'));
    expect(error).toContain('GRAPHQL_VALIDATION_FAILED');
    expect((await federation.run('{ __typename me { __typename } }')).data).toEqual({
      __typename: 'Query',
      me: { __typename: 'User' },
    });
  });
});

describe('what is computed once', () => {
  it('is the same object for the same text', async () => {
    const { engine } = shop();
    const first = engine.operation('query A { me { id } }');
    expect(engine.operation('query A { me { id } }')).toBe(first);
    expect(engine.operation('query A { me { id } }', 'A')).not.toBe(engine.operation('query B { me { id } }'));
    const planned = async (rights?: AuthorizationContext) => (await engine.prepare(first, rights)).planned;
    expect(await planned()).toBe(await planned({ authenticated: true, scopes: new Set(), policies: new Set() }));
  });
});

describe('a supergraph', () => {
  it('that does not compose says every reason', () => {
    const compose = () =>
      composeSupergraph([
        { name: 'a', url: 'http://a', typeDefs: 'type Query { x: Int y: Nothing }' },
        { name: 'b', url: 'http://b', typeDefs: 'type Query { x: String }' },
      ]);
    const reason = { code: 'INVALID_GRAPHQL', message: '[a] Unknown type Nothing' };
    expect(compose).toThrow(expect.objectContaining({ errors: [expect.objectContaining(reason)] }));
    expect(() => composeSupergraph([{ name: 'a', url: '', typeDefs: 'type {' }])).toThrow(
      /INVALID_GRAPHQL: \[a\] Syntax Error/,
    );
  });

  it('that is none is refused', () => {
    expect(() => loadSupergraph('type Query { a: Int }')).toThrow(
      expect.objectContaining({ errors: [expect.anything()] }),
    );
  });

  it('knows its subgraphs', () => {
    expect([...shop().engine.supergraph.subgraphs.values()]).toContainEqual({
      name: 'accounts',
      url: 'http://accounts',
    });
  });

  it('hides what is inaccessible from clients, and the engine still uses it', async () => {
    const federation = new Federation([
      {
        name: 'a',
        typeDefs: 'type Query { t: T } type T @key(fields: "k") { k: ID! @inaccessible }',
        resolvers: { Query: { t: () => ({ k: '1' }) } },
      },
      {
        name: 'b',
        typeDefs: 'type T @key(fields: "k") { k: ID! v: Mood } enum Mood { GOOD BAD @inaccessible }',
        resolvers: { T: { v: () => 'BAD' } },
      },
    ]);
    await expect(federation.run('{ t { k } }')).rejects.toThrow(/Cannot query field "k"/);
    const result = await federation.run('{ t { v } }');
    expect(result.data).toEqual({ t: { v: null } });
    expect(result.errors).toBeUndefined();
  });
});
