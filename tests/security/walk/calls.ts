import { serviceCaller, userCaller } from '@platform/auth';
import { permissions } from '@platform/contracts';
import { definitions } from '@platform/runtime/subgraphs';
import type { AnySubgraphDefinition } from '@platform/subgraph-server/subgraph';
import {
  buildASTSchema,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
} from 'graphql';
import { leavesOf } from './leaves.js';

const ADA = '018f0000-0000-7000-8000-00000000000a';
const TENANT = '00000000-0000-7000-8000-000000000001';

export const SUBGRAPHS: readonly AnySubgraphDefinition[] = Object.values(definitions);

/** Callers with every permission: each field lets one of them in. */
export const CALLERS = [
  userCaller(ADA, ADA, TENANT, Object.keys(permissions)),
  serviceCaller('router', TENANT, Object.keys(permissions)),
];

/** Of a subgraph that does nothing but answer calls. */
export const callsAlone = ({ name }: AnySubgraphDefinition) => ({
  background: false,
  set: [
    ...['events.relay=false', 'database.poolMax=20', 'database.queue=10000'],
    ...(name === 'audit' ? ['audit.checkpointInterval=24h'] : []),
  ],
});

export interface Call {
  readonly name: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  /** Whether it asks for an entity of which the subgraph knows nothing but the key: the router never sends it. */
  readonly isStub?: boolean;
}

const plain = (scalar: string, _field: string, name: string): unknown => {
  const texts: Record<string, string> = {
    permission: 'blog.post.read',
    email: 'someone@example.com',
    password: 'a rather long password',
    contentType: 'image/png',
  };
  const others: Record<string, unknown> = {
    ID: ADA,
    Int: 1,
    Boolean: true,
    DateTime: '2026-01-01T00:00:00Z',
    JSON: {},
  };
  return others[scalar] ?? texts[name] ?? 'text';
};

/** A call of every root field, and of every kind of entity. */
export function callsOf(typeDefs: string): Call[] {
  const schema = buildASTSchema(parse(typeDefs), { assumeValidSDL: true });
  const leaves = leavesOf(schema, plain).filter(
    ({ name, kind }) => /^(Query|Mutation)\./.test(name) && kind !== 'subscription',
  );
  const byField = new Map(leaves.map((leaf) => [leaf.name.replace(/\(.*/, ''), leaf]));
  const fields = [...byField].map(([name, leaf]) => ({
    name,
    query: leaf.document,
    variables: leaf.variables(plain(leaf.scalar, '', '')),
  }));
  const entities = Object.values(schema.getTypeMap()).flatMap(({ name, astNode }) => {
    const key = keyOf(astNode);
    if (key === undefined) return [];
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${name} { ${key} } } }`;
    const of = [{ __typename: name, [key]: key === 'id' ? ADA : plain('', '', key) }];
    return [{ name, query, variables: { of }, isStub: isStub(astNode) }];
  });
  return [...fields, ...entities];
}

/** The field that an entity is known by. */
const isStub = (node: GraphQLNamedType['astNode']): boolean =>
  node?.directives?.every(({ arguments: given = [] }) =>
    given.some(({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value),
  ) ?? false;

function keyOf(node: GraphQLNamedType['astNode']): string | undefined {
  const { arguments: given = [] } = node?.directives?.find(({ name }) => name.value === 'key') ?? {};
  const fields = given.find(({ name }) => name.value === 'fields')?.value;
  return fields?.kind === 'StringValue' ? fields.value : undefined;
}

/** As far as `everythingOf` follows fields. */
const DEPTH = 3;

/** Calls of all that needs no argument: root fields such as `me`, and every kind of entity, with whatever their answers can say. */
export function callsWithoutArguments(typeDefs: string): Call[] {
  const schema = buildASTSchema(parse(typeDefs), { assumeValidSDL: true });
  const roots = Object.entries({ query: schema.getQueryType(), mutation: schema.getMutationType() }).flatMap(
    ([kind, type]) =>
      Object.values(type?.getFields() ?? {})
        .filter(({ name, args }) => !name.startsWith('_') && !args.some(isRequiredArgument))
        .map((field) => ({
          name: field.name,
          query: `${kind} { ${field.name} ${everythingOf(field.type)} }`,
          variables: {},
        })),
  );
  const entities = callsOf(typeDefs)
    .filter(({ query }) => query.includes('_entities('))
    .map(({ name, variables }) => ({
      name,
      query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${name} ${everythingOf(schema.getType(name) as GraphQLOutputType)} } }`,
      variables,
    }));
  return [...roots, ...entities];
}

/** A selection of every field that needs no argument. */
function everythingOf(type: GraphQLOutputType, depth = DEPTH): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  const fields = isObjectType(named) ? Object.values(named.getFields()) : [];
  const asked = fields.filter(
    (field) => !field.args.some(isRequiredArgument) && (depth > 0 || isLeafType(getNamedType(field.type))),
  );
  return `{ ${['__typename', ...asked.map((field) => `${field.name} ${everythingOf(field.type, depth - 1)}`)].join(' ')} }`;
}
