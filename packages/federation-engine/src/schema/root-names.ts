import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  Kind,
  type NameNode,
  type OperationTypeNode,
  parse,
  print,
  type SchemaDefinitionNode,
  visit,
} from 'graphql';
import { textArgument } from './join-directives.js';

/** What a supergraph calls root types, by the names that one subgraph has for them. */
export type RootNames = ReadonlyMap<string, string>;

interface SubgraphDocument {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

/**
 * The supergraph with the names that subgraphs have for root types within their interfaces and unions: composition leaves no
 * trace of them, and fragments and `__typename` there need them. A supergraph without such subgraphs stays as it is.
 */
export function withRootNames(supergraph: string, subgraphs: readonly SubgraphDocument[]): string {
  const named = new Map(
    subgraphs.flatMap(({ name, typeDefs }): [string, ConstDirectiveNode][] => {
      const given = namesIn(typeDefs);
      return given.length > 0 ? [[name, namesDirective(given)]] : [];
    }),
  );
  if (named.size === 0) return supergraph;
  const document = visit(parse(supergraph, { noLocation: true }), {
    [Kind.DOCUMENT]: (node: DocumentNode) => ({ ...node, definitions: [...node.definitions, ...definition] }),
    [Kind.SCHEMA_DEFINITION]: (node: SchemaDefinitionNode) => ({
      ...node,
      directives: [...(node.directives ?? []), ...link],
    }),
    [Kind.ENUM_VALUE_DEFINITION]: (node: EnumValueDefinitionNode) => {
      const names = named.get(subgraphOf(node) ?? '');
      return names && { ...node, directives: [...(node.directives ?? []), names] };
    },
  });
  return `${print(document)}\n`;
}

/** The subgraph with those root types under the names that composition gives them: in unions, it does not find them itself. */
export function withComposedRoots(typeDefs: DocumentNode): DocumentNode {
  const known = new Set(typeDefs.definitions.map((node) => ('name' in node ? node.name?.value : undefined)));
  const renamed = new Map(
    namesIn(typeDefs)
      .map(([root, name]) => [name, composedNames[root]] as const)
      .filter(([, composed]) => !known.has(composed)),
  );
  if (renamed.size === 0) return typeDefs;
  const rename = <T extends { readonly name: NameNode }>(node: T): T | undefined => {
    const value = renamed.get(node.name.value);
    return value === undefined ? undefined : { ...node, name: { ...node.name, value } };
  };
  return visit(typeDefs, { NamedType: rename, ObjectTypeDefinition: rename, ObjectTypeExtension: rename });
}

/** By the name of the subgraph. */
export function rootNames({ definitions }: DocumentNode): ReadonlyMap<string, RootNames> {
  const found = new Map<string, RootNames>();
  for (const node of definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue;
    for (const value of node.values ?? []) {
      const names = value.directives?.find(({ name }) => name.value === DIRECTIVE);
      const subgraph = subgraphOf(value);
      if (!names || subgraph === undefined) continue;
      const pairs = Object.entries(composedNames).map(([root, composed]) => [textArgument(names, root), composed]);
      found.set(subgraph, new Map(pairs.filter((pair): pair is [string, string] => pair[0] !== undefined)));
    }
  }
  return found;
}

const DIRECTIVE = 'roots__names';

const composedNames: Readonly<Record<`${OperationTypeNode}`, string>> = {
  query: 'Query',
  mutation: 'Mutation',
  subscription: 'Subscription',
};

const { definitions: definition } = parse(
  `directive @${DIRECTIVE}(query: String, mutation: String, subscription: String) on ENUM_VALUE`,
  { noLocation: true },
);

const link = directivesOf('@link(url: "https://platform.example/roots/v0.1")');

const namesDirective = (names: readonly (readonly [root: string, name: string])[]): ConstDirectiveNode =>
  directivesOf(
    `@${DIRECTIVE}(${names.map(([root, name]) => `${root}: "${name}"`).join(', ')})`,
  )[0] as ConstDirectiveNode;

function directivesOf(text: string): readonly ConstDirectiveNode[] {
  const [schema] = parse(`extend schema ${text}`, { noLocation: true }).definitions;
  return schema?.kind === Kind.SCHEMA_EXTENSION ? (schema.directives ?? []) : [];
}

function subgraphOf({ directives = [] }: EnumValueDefinitionNode): string | undefined {
  const graph = directives.find(({ name }) => name.value === 'join__graph');
  return graph && textArgument(graph, 'name');
}

/** Of root types that composition renames, and that are not alone everywhere. */
function namesIn({ definitions }: DocumentNode): (readonly [root: `${OperationTypeNode}`, name: string])[] {
  const abstract = new Set(definitions.flatMap(typesBesideOthers));
  return definitions
    .flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.operationTypes ?? []) : [],
    )
    .map(({ operation, type }) => [operation, type.name.value] as const)
    .filter(([operation, name]) => name !== composedNames[operation] && abstract.has(name));
}

/** Those that the definition makes an interface's or a union's. */
function typesBesideOthers(node: DefinitionNode): readonly string[] {
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION:
      return node.interfaces?.length ? [node.name.value] : [];
    case Kind.UNION_TYPE_DEFINITION:
    case Kind.UNION_TYPE_EXTENSION:
      return (node.types ?? []).map(({ name }) => name.value);
    default:
      return [];
  }
}
