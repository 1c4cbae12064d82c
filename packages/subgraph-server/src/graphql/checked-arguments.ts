import { BadUserInput } from '@platform/foundation/errors';
import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** In characters, of ids that are none of ours. */
const MAX_ID_LENGTH = 200;
/** Items of a list that a client may send. */
const MAX_ITEMS = 1_000;
/** The points in time that every part of the platform can write and read alike: of years with four digits, from the first. */
const FIRST_TIME = Date.parse('0001-01-01T00:00:00Z');
const LAST_TIME = Date.parse('9999-12-31T23:59:59.999Z');
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Makes one spelling of what an argument brings, at the path. @throws BadUserInput */
type Reader = (value: unknown, path: string) => unknown;

/**
 * Has every resolver of the schema get its arguments in one spelling and within bounds, whoever writes it: ids that are UUIDs in lower
 * case, times of four-digit years, lists of bounded length. What is no UUID is left to the resolver, which knows nothing by it.
 */
export function checkArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) checkField(field);
  }
}

function checkField(field: GraphQLField<unknown, unknown>): void {
  const readers = field.args.flatMap(({ name, type }) => {
    const reader = readerOf(type);
    return reader ? [[name, reader] as const] : [];
  });
  if (readers.length === 0) return;
  const checked =
    (resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> =>
    (parent, given, context, info) => {
      const read = { ...given };
      for (const [name, reader] of readers) if (name in given) read[name] = reader(given[name], name);
      return resolve(parent, read, context, info);
    };
  if (field.resolve) field.resolve = checked(field.resolve);
  if (field.subscribe) field.subscribe = checked(field.subscribe);
}

/** Undefined for types whose values need no reading. Of those that contain themselves the reader is made when it is needed. */
function readerOf(type: GraphQLInputType): Reader | undefined {
  if (isNonNullType(type)) return readerOf(type.ofType);
  if (isListType(type)) return listReader(type.ofType);
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    return onceEach((value, path) =>
      Object.fromEntries(
        Object.entries(value).map(([name, part]) => {
          const field = fields[name];
          return [name, field ? (readerOf(field.type)?.(part, `${path}.${name}`) ?? part) : part];
        }),
      ),
    );
  }
  return SCALARS[type.name];
}

function listReader(itemType: GraphQLInputType): Reader {
  const reader = readerOf(itemType);
  const internal = String(itemType) === '_Any!';
  return onceEach((value, path) => {
    const items = value as unknown as readonly unknown[];
    if (items.length > MAX_ITEMS && !internal) throw new BadUserInput({ [path]: `At most ${MAX_ITEMS} items.` });
    return reader ? items.map((item, index) => reader(item, `${path}.${index}`)) : items;
  });
}

/** A variable that many fields use is one object: it is read once. */
function onceEach(read: (value: object, path: string) => unknown): Reader {
  const known = new WeakMap<object, unknown>();
  return (value, path) => {
    if (typeof value !== 'object' || value === null) return value;
    if (!known.has(value)) known.set(value, read(value, path));
    return known.get(value);
  };
}

const idInOneSpelling = (value: unknown): unknown =>
  typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : value;

const SCALARS: Readonly<Record<string, Reader>> = {
  ID: (value, path) => {
    if (typeof value === 'string' && value.length > MAX_ID_LENGTH)
      throw new BadUserInput({ [path]: `At most ${MAX_ID_LENGTH} characters.` });
    return idInOneSpelling(value);
  },
  DateTime: (value, path) => {
    const outside = value instanceof Date && !(value.getTime() >= FIRST_TIME && value.getTime() <= LAST_TIME);
    if (outside) throw new BadUserInput({ [path]: 'Between the years 1 and 9999.' });
    return value;
  },
  /** The key of an entity, as another subgraph or a client has spelled it. */
  _Any: onceEach((representation) =>
    Object.fromEntries(Object.entries(representation).map(([name, value]) => [name, idInOneSpelling(value)])),
  ),
};
