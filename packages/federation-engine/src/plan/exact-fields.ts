import {
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isScalarType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Parts of a response, beside its data, that may hold anything. */
const AROUND_DATA = ['errors', 'extensions'];

/** Of these a double keeps whatever they may hold. */
const KEPT_BY_DOUBLES: ReadonlySet<string> = new Set(['String', 'Boolean', 'Int']);

/**
 * The fields of a subgraph's answer whose numbers have to be exact, by their response names: ids, floats, custom scalars, and what the schema does not
 * tell the type of.
 */
export function exactFieldsOf(operation: string, schema: GraphQLSchema): readonly string[] {
  const names = new Set(AROUND_DATA);
  const types = new TypeInfo(schema);
  visit(
    parse(operation, { noLocation: true }),
    visitWithTypeInfo(types, {
      enter: (node) => {
        if (node.kind !== Kind.FIELD || node.selectionSet || isKeptByDoubles(types.getType())) return;
        names.add(node.alias?.value ?? node.name.value);
      },
    }),
  );
  return [...names];
}

function isKeptByDoubles(type: GraphQLOutputType | null | undefined): boolean {
  const named = getNamedType(type);
  return isEnumType(named) || (isScalarType(named) && KEPT_BY_DOUBLES.has(named.name));
}
