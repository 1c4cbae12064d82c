import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLResolveInfo, GraphQLSchema, parse } from 'graphql';
import { type BuildSchemaOptions, buildSchema, createResolversMap, type NonEmptyArray } from 'type-graphql';
import { DateTime } from './date-time.js';
import type { SubgraphContext } from './subgraph-context.js';

/** Instances of the resolver classes, wired by the composition root. */
export type ResolverInstances = NonEmptyArray<object>;

/** Answers an entity for the key that another subgraph knows; null for an unknown or hidden one. */
export type ReferenceResolver<Context> = (reference: never, context: Context, info: GraphQLResolveInfo) => unknown;

interface SubgraphSchemaOptions<Context> {
  readonly resolvers: ResolverInstances;
  /** By type name. Types whose key cannot be resolved here have none. */
  readonly references: Record<string, ReferenceResolver<Context>>;
  readonly orphanedTypes?: OrphanedTypes | undefined;
}

/** Classes of types that no field of the subgraph leads to: other subgraphs refer to them. */
export type OrphanedTypes = NonNullable<BuildSchemaOptions['orphanedTypes']>;

const FEDERATION_DIRECTIVES = [
  'key',
  'shareable',
  'external',
  'provides',
  'requires',
  'override',
  'inaccessible',
  'tag',
  'interfaceObject',
  'authenticated',
  'requiresScopes',
  'policy',
  'cost',
  'listSize',
  'cacheTag',
] as const;

/** The subgraph's SDL, as printed and committed, and its executable schema. */
export async function createSubgraphSchema<Context extends SubgraphContext>(
  options: SubgraphSchemaOptions<Context>,
): Promise<{ typeDefs: string; schema: GraphQLSchema }> {
  const instances = new Map<unknown, object>(options.resolvers.map((resolver) => [resolver.constructor, resolver]));
  argumentsInWrittenOrder();
  propertiesAreRead();
  const built = await buildSchema({
    resolvers: options.resolvers.map((resolver) => resolver.constructor) as NonEmptyArray<() => unknown>,
    container: { get: (someClass) => instances.get(someClass) ?? new (someClass as new () => object)() },
    scalarsMap: [{ type: Date, scalar: DateTime }],
    pubSub: NO_TOPICS,
    orphanedTypes: options.orphanedTypes ?? [],
    validate: false,
    skipCheck: true,
  });
  const codeFirst = withOrphansLast(built);
  const typeDefs = withFederationLink(printSchemaWithDirectives(codeFirst));
  const resolvers = createResolversMap(codeFirst) as Record<string, Record<string, unknown>>;
  for (const [type, resolveReference] of Object.entries(options.references)) {
    resolvers[type] = { ...resolvers[type], __resolveReference: resolveReference };
  }
  return { typeDefs, schema: buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: resolvers as never }]) };
}

/** The same schema, printed from its root types on. */
function withOrphansLast(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const rooted = new GraphQLSchema({ ...config, types: [] });
  const types = new Set([...Object.values(rooted.getTypeMap()), ...config.types]);
  return new GraphQLSchema({ ...config, types: [...types] });
}

/** Subscription fields name their stream by `subscribe`; type-graphql wants a hub of topics all the same. */
const NO_TOPICS = {
  publish: () => {},
  subscribe: () => {
    throw new Error('A subscription field names its stream by `subscribe`');
  },
};

/** Fields without a resolver of their own are read by graphql-js itself, which takes a tenth of the time of type-graphql's resolver. */
function propertiesAreRead(): void {
  const { TypeGraphQLMetadataStorage: storage } = globalThis as unknown as {
    TypeGraphQLMetadataStorage: { fields: { name: string; schemaName: string; simple?: boolean }[] };
  };
  for (const field of storage.fields) field.simple ??= field.name === field.schemaName;
}

/** Decorators run from the last parameter to the first, and type-graphql prints arguments in that order. */
function argumentsInWrittenOrder(): void {
  const { TypeGraphQLMetadataStorage: storage } = globalThis as unknown as {
    TypeGraphQLMetadataStorage: { params: { index: number }[] };
  };
  storage.params.sort((a, b) => a.index - b.index);
}

function withFederationLink(sdl: string): string {
  const imports = FEDERATION_DIRECTIVES.filter((name) => new RegExp(`@${name}\\b`).test(sdl)).map(
    (name) => `"@${name}"`,
  );
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${imports.join(', ')}])\n\n${withoutSchemaDefinition(sdl)}\n`;
}

const withoutSchemaDefinition = (sdl: string): string => sdl.replace(/^schema \{[^}]*\}\s*/m, '').trim();
