import type { EngineOptions } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { LosslessNumber } from '@platform/foundation/json';
import {
  buildASTSchema,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { documentOf } from '../../src/schema/written-defaults.js';
import { Federation, linked, type TestSubgraph } from '../federation.js';
import { decimalTexts, longKey, numberTexts, seedOfKey, withExactNumbers } from './exact-numbers.js';
import { fieldsOf, Schemas, type SubgraphSdl, type WorldObject } from './schemas.js';

type Values = Record<string, unknown>;
type Guard = (info: GraphQLResolveInfo) => void;

/** How many objects of each type there are: few, so that the same ones are met again and again. */
const population = 6;

/**
 * Data for any federated schema, made up from names and numbers alone: what a field answers is a function of the type
 * and number of its object, of its name and of its arguments — and of what it requires, as it arrived. The subgraphs and
 * one schema over the whole answer from the same functions, so that whatever they disagree on is the engine's doing.
 * Some fields fail, some are null where they must not be; never keys, and never what a `@requires` names.
 */
export class World {
  readonly sdl: string;
  readonly schemas: Schemas;

  private readonly subgraphs: readonly SubgraphSdl[];

  constructor(subgraphs: readonly SubgraphSdl[]) {
    this.subgraphs = subgraphs.map(({ name, typeDefs }) => ({ name, typeDefs: linked(typeDefs) }));
    this.sdl = composeSupergraph(
      this.subgraphs.map((subgraph) => ({ ...subgraph, url: `http://${subgraph.name}` })),
    ).sdl;
    this.schemas = new Schemas(this.sdl, this.subgraphs);
  }

  federation(options?: Partial<EngineOptions>): Federation {
    return new Federation(
      this.subgraphs.map((subgraph) => this.subgraph(subgraph)),
      options,
    );
  }

  /** The whole as one schema of graphql-js; `guard` may throw before a field is resolved. */
  monolith(api: GraphQLSchema, guard: Guard = () => {}): GraphQLSchema {
    const schema = withExactNumbers(buildASTSchema(documentOf(api)), this.schemas.whole);
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      for (const field of Object.values(type.getFields())) {
        field.resolve = (object: WorldObject | undefined, args, _context, info) => {
          guard(info);
          return this.answer(type.name, object?.seed ?? 0, field.name, args);
        };
      }
    }
    return schema;
  }

  private subgraph({ name, typeDefs }: SubgraphSdl): TestSubgraph {
    const resolvers: NonNullable<TestSubgraph['resolvers']> = {};
    for (const type of Object.values(this.schemas.parts.get(name)?.getTypeMap() ?? {})) {
      if (type.name.startsWith('__')) continue;
      const reference = (given: Values) => this.refer(name, type.name, given);
      if (isObjectType(type)) {
        const own = Object.keys(type.getFields()).map((field) => [
          field,
          (object: WorldObject | undefined, args: Values) => this.answerIn(name, type.name, object, field, args),
        ]);
        resolvers[type.name] = Object.fromEntries(own);
        if (this.schemas.keys(name, type.name).length > 0)
          (resolvers[type.name] as Values)['__resolveReference'] = reference;
      } else if (this.schemas.keys(name, type.name).length > 0) {
        resolvers[type.name] = { __resolveReference: reference };
      }
    }
    return { name, typeDefs, resolvers };
  }

  private refer(subgraph: string, type: string, given: Values): WorldObject {
    const seeds = this.schemas.keys(subgraph, type).map((key) => seedIn(key, given));
    const seed = seeds.find((found) => found !== undefined);
    if (seed === undefined) throw new Error(`${subgraph} cannot resolve ${JSON.stringify(given)}`);
    const members = this.schemas.members(type);
    const concrete = members?.[seed % members.length] ?? type;
    return { __typename: this.schemas.nameIn(subgraph, concrete), seed, given };
  }

  /** A subgraph's answer: as the world has it, in the subgraph's own type names; requirements as they arrived. */
  private answerIn(
    subgraph: string,
    type: string,
    object: WorldObject | undefined,
    field: string,
    args: Values,
  ): unknown {
    const requirement = this.schemas.requirement(subgraph, type, field);
    const required = requirement && (project(requirement, object?.given ?? {}) ?? null);
    const localised = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(localised);
      if (typeof value !== 'object' || value === null) return value;
      const { __typename, seed } = value as WorldObject;
      if (__typename === undefined) return value;
      return { __typename: this.schemas.nameIn(subgraph, __typename), seed };
    };
    return localised(this.value(this.schemas.nameOf(subgraph, type), object?.seed ?? 0, field, args, required));
  }

  private answer(type: string, seed: number, field: string, args: Values): unknown {
    const requirement = this.schemas.anyRequirement(type, field);
    return this.value(type, seed, field, args, requirement && this.select({ __typename: type, seed }, requirement));
  }

  private value(type: string, seed: number, field: string, args: Values, required: unknown): unknown {
    const definition =
      fieldsOf(this.schemas.whole.getType(type))[field] ??
      fieldsOf(this.schemas.whole.getType(this.schemas.family(type)))[field];
    if (!definition) throw new Error(`The supergraph has no ${type}.${field}`);
    const family = this.schemas.family(type);
    if (this.schemas.isKey(type, field)) return this.key(definition.type, seed);
    const draw = hash(`${family}|${seed}|${field}|${JSON.stringify(sorted(args))}|${JSON.stringify(required)}`);
    const faulty = type !== 'Query' && !this.schemas.named.has(`${family}.${field}`);
    if (faulty && draw % 31 === 0) throw new Error(`no ${type}.${field}`);
    if (faulty && draw % 37 === 0) return null;
    return this.make(definition.type, draw, type, field);
  }

  private key(type: GraphQLOutputType, seed: number): unknown {
    const named = getNamedType(type);
    if (isCompositeType(named)) return { __typename: named.name, seed };
    if (named.name === 'Int') return seed;
    if (!this.schemas.whole.getType('Long')) return String(seed);
    return named.name === 'Long' ? new LosslessNumber(longKey(seed)) : longKey(seed);
  }

  private make(type: GraphQLOutputType, draw: number, owner: string, field: string, nonNull = false): unknown {
    if (isNonNullType(type)) return this.make(type.ofType, draw, owner, field, true);
    if (!nonNull && draw % 9 === 0) return null;
    if (isListType(type)) {
      return Array.from({ length: (draw >>> 3) % 4 }, (_, index) =>
        this.make(type.ofType, hash(`${draw}|${index}`), owner, field),
      );
    }
    if (isEnumType(type)) return type.getValues()[draw % type.getValues().length]?.value;
    if (!isCompositeType(type)) return leaf(String(type), draw, field);
    if (isObjectType(type)) return this.object(type.name, draw);
    const members = this.schemas.members(type.name);
    if (members) return this.object(members[(draw >>> 5) % members.length] as string, draw);
    const possible = isAbstractType(type) ? this.schemas.possible(owner, field) : [];
    const chosen = possible[(draw >>> 5) % possible.length] as string;
    const concrete = this.schemas.members(chosen);
    return this.object(concrete ? (concrete[(draw >>> 7) % concrete.length] as string) : chosen, draw);
  }

  /** A member of a family has a number that says so. */
  private object(type: string, draw: number): WorldObject {
    const seed = type === 'Query' ? 0 : draw % population;
    const members = this.schemas.members(this.schemas.family(type));
    return { __typename: type, seed: members ? seed - (seed % members.length) + members.indexOf(type) : seed };
  }

  /** What a requirement selects, from the world itself; failures are null, as they are where a subgraph answers. */
  private select(object: WorldObject, { selections }: SelectionSetNode): Values {
    const selected: Values = {};
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        if (!condition || this.includes(condition, object.__typename)) {
          Object.assign(selected, this.select(object, selection.selectionSet));
        }
      } else if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') {
        const { value: name } = selection.name;
        const value = this.answer(
          object.__typename,
          object.seed,
          name,
          this.schemas.arguments(object.__typename, selection),
        );
        const nested = (item: unknown): unknown => {
          if (Array.isArray(item)) return item.map(nested);
          return selection.selectionSet && item !== null
            ? this.select(item as WorldObject, selection.selectionSet)
            : item;
        };
        selected[name] = nested(value) ?? null;
      }
    }
    return selected;
  }

  private includes(condition: string, type: string): boolean {
    const abstract = this.schemas.whole.getType(condition);
    const object = this.schemas.whole.getType(type);
    return (
      condition === type ||
      (isAbstractType(abstract) && isObjectType(object) && this.schemas.whole.isSubType(abstract, object))
    );
  }
}

/** The number in a key, wherever it stands. */
function seedIn({ selections }: SelectionSetNode, given: Values): number | undefined {
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) continue;
    const value = given[selection.name.value];
    if (value === undefined) return undefined;
    if (!selection.selectionSet) return seedOfKey(value);
    const nested = seedIn(selection.selectionSet, value as Values);
    if (nested !== undefined) return nested;
  }
  return undefined;
}

/** The part of a representation that one requirement names, in its order: others may have come along. */
function project({ selections }: SelectionSetNode, given: unknown): unknown {
  if (given === null || given === undefined) return null;
  if (Array.isArray(given)) return given.map((item) => project({ kind: Kind.SELECTION_SET, selections }, item));
  const projected: Values = {};
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      Object.assign(projected, present(project(selection.selectionSet, given) as Values));
    } else if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') {
      const value = (given as Values)[selection.name.value];
      projected[selection.name.value] = selection.selectionSet ? project(selection.selectionSet, value) : value;
    }
  }
  return projected;
}

const present = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const sorted = (values: Values): [string, unknown][] =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => one.localeCompare(other));

function leaf(type: string, draw: number, field: string): unknown {
  if (type === 'Int') return draw % 100;
  if (type === 'Float') return (draw % 1000) / 8;
  if (type === 'Boolean') return draw % 2 === 0;
  if (type === 'Long') return exact(numberTexts, draw);
  if (type === 'JSON') return [{ [field]: exact(decimalTexts, draw), a: [exact(decimalTexts, draw >>> 4)] }, 'text'];
  return `${field} ${draw % 50}`;
}

const exact = (texts: readonly string[], draw: number) => new LosslessNumber(texts[draw % texts.length] as string);

/** FNV-1a, mixed: any change of the text changes every digit. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
