import {
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  parse,
  print,
  type SelectionNode,
  stripIgnoredCharacters,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { RootNames } from '../schema/root-names.js';
import type { TypeConditions } from '../schema/type-conditions.js';
import { atPath, type Rewrite } from './rewrites.js';

/**
 * The request without fragments on its subgraph's root types, which need none: a supergraph calls them Query, Mutation and
 * Subscription, and does not say what they are called there.
 * @param schema the subgraph as the supergraph describes it.
 */
export function withoutRootConditions(operation: string, schema: GraphQLSchema | undefined): string {
  if (!schema || !rootCondition.test(operation)) return operation;
  const types = new TypeInfo(schema);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const changed = visit(
    parse(operation, { noLocation: true }),
    visitWithTypeInfo(types, {
      enter: (node) => {
        if (node.kind !== Kind.INLINE_FRAGMENT) return undefined;
        const parent = types.getParentType();
        const isOnRoot = roots.some((root) => root && root === parent && root.name === node.typeCondition?.name.value);
        return isOnRoot ? { ...node, typeCondition: undefined } : undefined;
      },
      leave: (node) =>
        node.kind === Kind.SELECTION_SET ? { ...node, selections: node.selections.flatMap(unwrapped) } : undefined,
    }),
  );
  return stripIgnoredCharacters(print(changed));
}

/** A request in a subgraph's own words, and what makes the supergraph's of its answer. */
interface OwnRequest {
  readonly query: string;
  /** Undefined where no object of the answer can be called otherwise. */
  readonly rewriteTypes: Rewrite | undefined;
}

/** The request with the subgraph's own names for root types that stand beside other types in it. */
export function withOwnRootNames(
  query: string,
  schema: GraphQLSchema | undefined,
  names: RootNames | undefined,
  conditions: TypeConditions,
): OwnRequest {
  if (!schema || !names) return { query, rewriteTypes: undefined };
  const own = new Map([...names].map(([name, composed]) => [composed, name]));
  const types = new TypeInfo(schema);
  const around: string[] = [];
  const places: string[][] = [];
  const changed = visit(
    parse(query, { noLocation: true }),
    visitWithTypeInfo(types, {
      Field: {
        enter: ({ alias, name }) => {
          if (name.value === '_entities') return;
          around.push((alias ?? name).value);
          const type = getNamedType(types.getType());
          if (isAbstractType(type) && schema.getPossibleTypes(type).some((each) => own.has(each.name)))
            places.push([...around]);
        },
        leave: ({ name }) => {
          if (name.value !== '_entities') around.pop();
        },
      },
      InlineFragment: {
        leave: (node) => {
          const value = own.get(node.typeCondition?.name.value ?? '');
          if (value === undefined) return undefined;
          return { ...node, typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value } } };
        },
      },
    }),
  );
  if (places.length === 0) return { query, rewriteTypes: undefined };
  const rewrites = places.map((path) =>
    atPath(path, conditions, (object) => {
      object['__typename'] = names.get(String(object['__typename'])) ?? object['__typename'];
    }),
  );
  return {
    query: stripIgnoredCharacters(print(changed)),
    rewriteTypes: (value) => {
      for (const rewrite of rewrites) rewrite(value);
    },
  };
}

/** Roots are renamed by composition. */
const rootCondition = /\bon (Query|Mutation|Subscription)\b/;

/** What stands in a fragment that says nothing. */
const unwrapped = (selection: SelectionNode): readonly SelectionNode[] =>
  selection.kind === Kind.INLINE_FRAGMENT && !selection.typeCondition && !selection.directives?.length
    ? selection.selectionSet.selections
    : [selection];
