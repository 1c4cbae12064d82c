import { describe, expect, it } from '@jest/globals';
import { type AuthorizationContext, Engine, loadSupergraph } from '@platform/federation-engine';
import fc from 'fast-check';
import {
  buildClientSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  printSchema,
  validateSchema,
} from 'graphql';
import { Federation, rights, type TestSubgraph } from './federation.js';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes", "@policy"])\n';

const office: TestSubgraph = {
  name: 'office',
  typeDefs: `${link}
    type Query {
      open: Int
      people(level: Level, filter: Filter): [Person!]
      things: [Named]
      anything: [Thing]
      vault: Vault @policy(policies: [["vault.open"]])
      level: Level
      machines: [Machine]
      secrets: Secrets
      pin: Pin
      parts: [Part]
    }
    type Mutation { burn: Int @policy(policies: [["fire"]]) }
    type Person implements Named { id: ID! name: String ssn: String @policy(policies: [["ssn"], ["hr", "audit"]]) boss: Person mood: Mood @authenticated }
    interface Named { id: ID! name: String }
    type Robot implements Named & Machine { id: ID! name: String @authenticated watts: Int }
    type Spy implements Named @requiresScopes(scopes: [["spies"]]) { id: ID! name: String alias: String }
    interface Machine { watts: Int }
    type Mill implements Machine @policy(policies: [["mill"]]) { watts: Int stones: Int }
    interface Part { id: ID! }
    type Left implements Part @policy(policies: [["left"]]) { id: ID! }
    type Right implements Part @policy(policies: [["right"]]) { id: ID! }
    union Thing = Person | Spy | Mill
    type Vault @authenticated { gold: Int key: Key }
    type Key { teeth: Int }
    type Secrets { first: Int @policy(policies: [["secret"]]) more: Secrets }
    enum Level @authenticated { LOW HIGH }
    enum Mood { GOOD BAD }
    input Filter { mood: Mood }
    scalar Pin @policy(policies: [["pin"]])
  `,
  resolvers: {},
};

const federation = new Federation([office], { filterIntrospection: true });

const introspected = async (of: Federation, holder: AuthorizationContext): Promise<GraphQLSchema> => {
  const { data, errors } = await of.run(getIntrospectionQuery(), { rights: holder });
  expect(errors).toBeUndefined();
  return buildClientSchema(data as unknown as IntrospectionQuery);
};

const seenBy = (holder: AuthorizationContext): Promise<GraphQLSchema> => introspected(federation, holder);

const names = (schema: GraphQLSchema, type: string): string[] => {
  const found = schema.getType(type);
  return isObjectType(found) || isInterfaceType(found) ? Object.keys(found.getFields()).sort() : [];
};

const anyRights = fc
  .record({
    authenticated: fc.boolean(),
    scopes: fc.subarray(['spies']),
    policies: fc.subarray(['vault.open', 'fire', 'ssn', 'hr', 'audit', 'mill', 'left', 'right', 'secret', 'pin']),
  })
  .map(rights);

/** Every way of at most `depth` fields from the roots to a field, as an operation and as the coordinate where it ends. */
function* waysThrough(
  schema: GraphQLSchema,
  depth: number,
): Generator<{ operation: string; coordinate: string; leaf: boolean }> {
  function* below(
    type: GraphQLNamedType,
    left: number,
    wrap: (selection: string) => string,
  ): ReturnType<typeof waysThrough> {
    if (left === 0) return;
    if (isAbstractType(type)) {
      for (const member of schema.getPossibleTypes(type)) {
        yield* below(member, left, (inner) => wrap(`... on ${member.name} { ${inner} }`));
      }
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return;
    for (const field of Object.values(type.getFields())) {
      const returned = getNamedType(field.type);
      const composite = isCompositeType(returned);
      const operation = wrap(composite ? `${field.name} { __typename }` : field.name);
      yield { operation, coordinate: `${type.name}.${field.name}`, leaf: !composite };
      if (composite) yield* below(returned, left - 1, (inner) => wrap(`${field.name} { ${inner} }`));
    }
  }
  const query = schema.getQueryType();
  const mutation = schema.getMutationType();
  if (query) yield* below(query, depth, (selection) => `query { ${selection} }`);
  if (mutation) yield* below(mutation, depth, (selection) => `mutation { ${selection} }`);
}

function isPermitted({ engine }: Federation, operation: string, holder: AuthorizationContext): boolean {
  return engine.authorizationErrors(engine.operation(operation), holder, {}).length === 0;
}

describe('introspection', () => {
  it('shows everything where nobody filters it', async () => {
    const open = new Federation([office]);
    expect(printSchema(await introspected(open, rights({ authenticated: false })))).toContain('type Vault');
  });

  it('shows the whole schema to whoever satisfies every rule', async () => {
    const all = rights({
      scopes: ['spies'],
      policies: ['vault.open', 'fire', 'ssn', 'mill', 'left', 'right', 'secret', 'pin'],
    });
    expect(printSchema(await seenBy(all))).toBe(printSchema(await introspected(new Federation([office]), all)));
  });

  it('hides fields and types together with what only led to them', async () => {
    const schema = await seenBy(rights({ authenticated: false }));
    expect(names(schema, 'Query')).toEqual(['anything', 'open', 'people', 'secrets']);
    expect(names(schema, 'Person')).toEqual(['boss', 'id', 'name']);
    expect(schema.getMutationType()).toBeFalsy();
    expect(names(schema, 'Secrets')).toEqual(['more']);
    for (const gone of ['Vault', 'Key', 'Named', 'Robot', 'Spy', 'Mill', 'Pin', 'Part', 'Left', 'Right', 'Machine']) {
      expect([gone, schema.getType(gone)]).toEqual([gone, undefined]);
    }
  });

  it('keeps what can still be given as an argument', async () => {
    const schema = await seenBy(rights({ authenticated: false }));
    expect(schema.getType('Level')).toBeDefined();
    expect(schema.getType('Mood')).toBeDefined();
  });

  it('shows an interface’s field only to those who satisfy every implementer’s rule', async () => {
    expect(names(await seenBy(rights()), 'Named')).toEqual([]);
    expect(names(await seenBy(rights({ scopes: ['spies'] })), 'Named')).toEqual(['id', 'name']);
  });

  it('answers __type with null for what the caller may not use', async () => {
    const query = '{ __type(name: "Vault") { name } }';
    expect((await federation.run(query)).data).toEqual({ __type: null });
    const keeper = rights({ policies: ['vault.open'] });
    expect((await federation.run(query, { rights: keeper })).data).toEqual({ __type: { name: 'Vault' } });
  });

  it('answers whoever may use nothing at all', async () => {
    const closed = new Federation(
      [{ name: 'closed', typeDefs: `${link} type Query { a: Int @authenticated }`, resolvers: {} }],
      { filterIntrospection: true },
    );
    const { data, errors } = await closed.run('{ __schema { queryType { name fields { name } } } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ __schema: { queryType: { name: 'Query', fields: [] } } });
  });

  it('is the same for callers whose rights satisfy the same rules', async () => {
    const supergraph = loadSupergraph(federation.engine.supergraph.sdl);
    const engine = new Engine({ supergraph, endpoints: () => ({}) as never, filterIntrospection: true });
    const fields = async (holder: AuthorizationContext) => {
      const operation = engine.operation('{ __schema { types { name } } }');
      const { data } = await engine.execute(await engine.prepare(operation, holder));
      return data?.['__schema'];
    };
    expect(await fields(rights({ policies: ['left', 'elsewhere'] }))).toEqual(
      await fields(rights({ policies: ['left'] })),
    );
  });

  it('shows a valid schema of exactly the leaves that the caller may reach', async () => {
    const everything = [...waysThrough(federation.engine.supergraph.apiSchema, 3)];
    await fc.assert(
      fc.asyncProperty(anyRights, async (holder) => {
        const schema = await seenBy(holder);
        expect(validateSchema(schema)).toEqual([]);

        for (const { operation } of waysThrough(schema, 3)) {
          expect({ operation, permitted: isPermitted(federation, operation, holder) }).toEqual({
            operation,
            permitted: true,
          });
        }
        for (const { operation, coordinate, leaf } of everything) {
          if (!leaf || !isPermitted(federation, operation, holder)) continue;
          const [type = '', field = ''] = coordinate.split('.');
          // A fragment may reach a type whose interface or union shows nothing that can be selected without one.
          if (!operation.includes('... on')) expect(names(schema, type)).toContain(field);
        }
      }),
      { numRuns: 100 },
    );
  });
});
