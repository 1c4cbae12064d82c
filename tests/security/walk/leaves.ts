import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** One place of one field's arguments where a client's value ends up, however deep in inputs and lists. */
export interface Leaf {
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Such as `Mutation.updatePost(input.tags.0)`. */
  readonly name: string;
  /** The scalar or enum that stands there. */
  readonly scalar: string;
  readonly inList: boolean;
  readonly document: string;
  /** The variables of the document, with the value at the place and plain ones where others are required. */
  readonly variables: (value: unknown) => Record<string, unknown>;
}

/** A plain value for what is required beside the place, by the name of the field and of the argument. */
export type Plain = (scalar: string, field: string, name: string) => unknown;

/** Every such place of the schema: of root fields, and of fields that can be reached from a query without arguments. */
export function leavesOf(schema: GraphQLSchema, plain: Plain): Leaf[] {
  const places: Leaf[] = [];
  const seen = new Set<string>();
  const visit = (kind: Leaf['kind'], type: GraphQLObjectType, around: (inner: string) => string): void => {
    seen.add(type.name);
    for (const field of Object.values(type.getFields())) {
      for (const argument of field.args) places.push(...leavesOfArgument(kind, type, field, argument, around, plain));
      const next = getNamedType(field.type) as GraphQLNamedOutputType;
      if (kind !== 'query' || !isObjectType(next) || seen.has(next.name) || field.args.some(isRequiredArgument))
        continue;
      visit(kind, next, (inner) => around(`${field.name} { ${inner} }`));
    }
  };
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  for (const [kind, type] of Object.entries(roots)) if (type) visit(kind as Leaf['kind'], type, (inner) => inner);
  return places;
}

function leavesOfArgument(
  kind: Leaf['kind'],
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  argument: GraphQLArgument,
  around: (inner: string) => string,
  plain: Plain,
): Leaf[] {
  const others = field.args.filter((other) => other !== argument && isRequiredArgument(other));
  const asked = [argument, ...others];
  const definitions = asked.map(({ name, type: given }) => `$${name}: ${given}`).join(', ');
  const given = asked.map(({ name }) => `${name}: $${name}`).join(', ');
  const document = `${kind} (${definitions}) { ${around(`${field.name}(${given}) ${selection(field)}`)} }`;
  const beside = Object.fromEntries(
    others.map((other) => [other.name, plainValue(other.type, field.name, other.name, plain)]),
  );
  return spots(argument.type, field.name, argument.name, plain).map(({ path, scalar, inList, put }) => ({
    kind,
    name: `${type.name}.${field.name}(${path})`,
    scalar,
    inList,
    document,
    variables: (value) => ({ ...beside, [argument.name]: put(value) }),
  }));
}

interface Spot {
  readonly path: string;
  readonly scalar: string;
  readonly inList: boolean;
  readonly put: (value: unknown) => unknown;
}

function spots(type: GraphQLInputType, field: string, path: string, plain: Plain): Spot[] {
  if (isNonNullType(type)) return spots(type.ofType, field, path, plain);
  if (isListType(type))
    return spots(type.ofType, field, `${path}.0`, plain).map((spot) => ({
      ...spot,
      inList: true,
      put: (value) => [spot.put(value)],
    }));
  if (!isInputObjectType(type))
    return [{ path, scalar: isEnumType(type) ? 'enum' : type.name, inList: false, put: (value) => value }];
  const required = Object.values(type.getFields()).filter(isRequiredInputField);
  return Object.values(type.getFields()).flatMap((part) => {
    const beside = Object.fromEntries(
      required
        .filter((other) => other !== part)
        .map((other) => [other.name, plainValue(other.type, field, other.name, plain)]),
    );
    return spots(part.type, field, `${path}.${part.name}`, plain).map((spot) => ({
      ...spot,
      put: (value: unknown) => ({ ...beside, [part.name]: spot.put(value) }),
    }));
  });
}

function plainValue(type: GraphQLInputType, field: string, name: string, plain: Plain): unknown {
  if (isNonNullType(type)) return plainValue(type.ofType, field, name, plain);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return plain(type.name, field, name);
  const required = Object.values(type.getFields()).filter(isRequiredInputField);
  return Object.fromEntries(required.map((part) => [part.name, plainValue(part.type, field, part.name, plain)]));
}

/** All that an answer can say without arguments, one level deep. */
function selection(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  if (isLeafType(type)) return '';
  const leaves = isObjectType(type)
    ? Object.values(type.getFields()).filter((part) => isLeafType(getNamedType(part.type)) && part.args.length === 0)
    : [];
  return `{ ${['__typename', ...leaves.map(({ name }) => name)].join(' ')} }`;
}
