import {
  DirectiveLocation,
  extendSchema,
  type GraphQLDirective,
  type GraphQLSchema,
  getNamedType,
  Kind,
} from 'graphql';

const executable = new Set<string>([
  DirectiveLocation.QUERY,
  DirectiveLocation.MUTATION,
  DirectiveLocation.SUBSCRIPTION,
  DirectiveLocation.FIELD,
  DirectiveLocation.FRAGMENT_DEFINITION,
  DirectiveLocation.FRAGMENT_SPREAD,
  DirectiveLocation.INLINE_FRAGMENT,
  DirectiveLocation.VARIABLE_DEFINITION,
]);

/** The API schema with the directives of `@composeDirective` that clients may write in operations: an API schema leaves out whatever a `@link` brought. */
export function withExecutableDirectives(api: GraphQLSchema, supergraph: GraphQLSchema): GraphQLSchema {
  const definitions = supergraph.getDirectives().flatMap(({ name, args, astNode }) => {
    if (!astNode || api.getDirective(name) || !usesTypesOf(api, args)) return [];
    const locations = astNode.locations.filter(({ value }) => executable.has(value));
    return locations.length > 0 ? [{ ...astNode, locations }] : [];
  });
  return definitions.length === 0 ? api : extendSchema(api, { kind: Kind.DOCUMENT, definitions });
}

const usesTypesOf = (api: GraphQLSchema, args: GraphQLDirective['args']): boolean =>
  args.every(({ type }) => api.getType(getNamedType(type).name));
