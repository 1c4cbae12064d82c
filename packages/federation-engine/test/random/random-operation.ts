import { LosslessNumber } from '@platform/foundation/json';
import {
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import { decimalTexts, NumericId, numberTexts } from './exact-numbers.js';

export interface RandomOperation {
  readonly query: string;
  /** As a client's JSON has them. */
  readonly variables: Record<string, unknown>;
}

/** Chosen to collide with keys, required fields and each other. */
const aliases = ['id', 'name', 'title', 'age', 'a', 'b', '__proto'];
const strings = ['u1', 'u3', 'p2', '1', '2', 'months', 'years'];
/** What engines and planners call things of their own. */
const generated = [
  '_0',
  '_1',
  '_entities',
  '_client_id',
  '_client_0_a',
  '_required_0_name',
  'name__alias_0',
  'a__alias_0',
];
const generatedVariables = ['representations', 'representations_0', 'representations_1', 'contextualArgument_1_0'];
const operations = ['Q', 'representations', '_entities', 'Q__pages__0'];
const conditions = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'];

/** Writes random operations for a schema; most are valid, the reader filters. */
class OperationWriter {
  private readonly fragments: string[] = [];
  private readonly definitions = new Map<string, string>();
  private readonly variables: Record<string, unknown> = {};

  constructor(
    private readonly schema: GraphQLSchema,
    /** A number from 0 up to, not including, the limit. */
    private readonly draw: (limit: number) => number,
    private readonly named: boolean,
  ) {}

  write(depth: number): RandomOperation {
    const root = this.schema.getQueryType();
    const body = root ? this.selections(root, depth) : '';
    const definitions = [...this.definitions].map(([name, type]) => `$${name}: ${type}`).join(', ');
    const query = [
      `query ${this.oneOf(operations)}${definitions && `(${definitions})`} ${body}`,
      ...this.fragments,
    ].join('\n');
    return { query, variables: this.variables };
  }

  private selections(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.draw(4);
    return `{ ${Array.from({ length: count }, () => this.selection(type, depth)).join(' ')} }`;
  }

  private selection(type: GraphQLCompositeType, depth: number): string {
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const choice = this.draw(10);
    if (choice === 0) return `__typename${this.directives()}`;
    if (choice === 1 && depth > 0 && isAbstractType(type)) return this.exclusive(type, depth - 1);
    if (choice < 3 || fields.length === 0) return this.fragment(type, depth);
    return this.field(this.oneOf(fields), depth);
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    if (isCompositeType(type) && depth <= 0) return '__typename';
    const alias = this.chance(4) ? `${this.alias()}: ` : '';
    const nested = isCompositeType(type) ? ` ${this.selections(type, depth - 1)}` : '';
    return `${alias}${field.name}${this.args(field)}${this.directives()}${nested}`;
  }

  private alias(): string {
    return this.oneOf(this.chance(8) ? generated : aliases);
  }

  /** The same names under types that exclude each other, for whatever differs. */
  private exclusive(type: GraphQLAbstractType, depth: number): string {
    const members = this.schema.getPossibleTypes(type).filter(() => !this.chance(4));
    const bodies = this.alike(members, depth);
    return (
      members.map(({ name }, index) => `... on ${name}${this.directives()} { ${bodies[index]} }`).join(' ') ||
      '__typename'
    );
  }

  /** For each of the types a selection under one name, of one shape as far as possible; what is not valid is sorted out later. */
  private alike(types: readonly GraphQLCompositeType[], depth: number): string[] {
    const name = this.alias();
    let shape: string | undefined;
    const chosen = types.map((type) => {
      const fields = isUnionType(type) ? [] : Object.values(type.getFields());
      const fitting = fields.filter((field) =>
        shape === undefined ? depth > 0 || !isCompositeType(getNamedType(field.type)) : shapeOf(field) === shape,
      );
      const field = fitting.length > 0 ? this.oneOf(fitting) : undefined;
      if (field) shape ??= shapeOf(field);
      return field;
    });
    const nested = chosen.flatMap((field) => {
      const type = field && getNamedType(field.type);
      return isCompositeType(type) ? [type] : [];
    });
    const below = nested.length > 0 ? this.alike(nested, depth - 1) : [];
    return chosen.map((field) => {
      if (!field) return '__typename';
      const type = getNamedType(field.type);
      const more = isCompositeType(type) && this.chance(3) ? ` ${this.selection(type, depth - 1)}` : '';
      const body = isCompositeType(type) ? ` { ${below.shift()}${more} }` : '';
      return `${name}: ${field.name}${this.args(field)}${body}`;
    });
  }

  private fragment(type: GraphQLCompositeType, depth: number): string {
    if (depth <= 0) return '__typename';
    const on = this.oneOf([type, ...this.overlapping(type)]);
    const body = this.selections(on, depth - 1);
    if (!this.named || this.chance(2))
      return `...${on === type && this.chance(2) ? '' : ` on ${on.name}`}${this.directives()} ${body}`;
    const name = `F${this.fragments.length}`;
    this.fragments.push(`fragment ${name} on ${on.name} ${body}`);
    return `...${name}${this.directives()}`;
  }

  private overlapping(type: GraphQLCompositeType): GraphQLCompositeType[] {
    const possible = new Set(isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type]);
    return Object.values(this.schema.getTypeMap()).filter(
      (other): other is GraphQLCompositeType =>
        isCompositeType(other) &&
        !other.name.startsWith('__') &&
        (isAbstractType(other)
          ? this.schema.getPossibleTypes(other).some((object) => possible.has(object))
          : possible.has(other)),
    );
  }

  private args({ args }: GraphQLField<unknown, unknown>): string {
    const given = args.flatMap((argument) => {
      if (!isNonNullType(argument.type) && this.chance(2)) return [];
      return [
        `${argument.name}: ${this.chance(4) ? this.variable(argument.type) : this.literal(argument.type, this.input(argument.type))}`,
      ];
    });
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  private variable(type: GraphQLInputType): string {
    const unused = generatedVariables.filter((each) => !this.definitions.has(each));
    const name = unused.length > 0 && this.chance(3) ? this.oneOf(unused) : `v${this.definitions.size}`;
    this.definitions.set(
      name,
      this.chance(6) ? `${type} = ${this.literal(type, this.input(type), 'const')}` : String(type),
    );
    if (isNonNullType(type) || !this.chance(4)) this.variables[name] = this.input(type);
    return `$${name}`;
  }

  private input(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return this.input(type.ofType);
    if (isListType(type)) return Array.from({ length: this.draw(3) }, () => this.input(type.ofType));
    if (isEnumType(type)) return this.oneOf(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) || this.chance(2));
      return Object.fromEntries(fields.map((field) => [field.name, this.input(field.type)]));
    }
    if (type.name === 'Int') return 1 + this.draw(3);
    if (type.name === 'Float') return this.draw(4) / 2;
    if (type.name === 'Boolean') return this.chance(2);
    if (type.name === 'ID' && this.chance(4)) return new NumericId(this.oneOf(numberTexts));
    if (isSpecifiedScalarType(type)) return this.oneOf(strings);
    return type.name === 'JSON' ? this.json(3) : new LosslessNumber(this.oneOf(numberTexts));
  }

  private json(depth: number): unknown {
    const choice = this.draw(depth > 0 ? 6 : 4);
    if (choice < 2) return new LosslessNumber(this.oneOf(decimalTexts));
    if (choice === 2) return this.oneOf([null, true, false]);
    if (choice === 3) return this.oneOf([...strings, '\u0001n1', ...decimalTexts]);
    const items = Array.from({ length: this.draw(4) }, () => this.json(depth - 1));
    return choice === 4 ? items : Object.fromEntries(items.map((item, index) => [aliases[index], item]));
  }

  /** @param kind `const` literals have no variables in them. */
  private literal(type: GraphQLInputType, value: unknown, kind?: 'const'): string {
    if (isNonNullType(type)) return this.literal(type.ofType, value, kind);
    if (isListType(type))
      return `[${(value as unknown[]).map((item) => this.literal(type.ofType, item, kind)).join(', ')}]`;
    if (isEnumType(type)) return String(value);
    if (isScalarType(type) && !isSpecifiedScalarType(type)) return this.free(type, value, kind);
    if (!isInputObjectType(type)) return JSON.stringify(value);
    const fields = Object.entries(value as object).map(
      ([name, item]) => `${name}: ${this.literal(type.getFields()[name]?.type as GraphQLInputType, item, kind)}`,
    );
    return `{${fields.join(', ')}}`;
  }

  /** The literal of a custom scalar, with variables anywhere in it. */
  private free(type: GraphQLInputType, value: unknown, kind?: 'const'): string {
    if (!kind && this.chance(12)) return this.variable(type);
    if (Array.isArray(value)) return `[${value.map((item) => this.free(type, item, kind)).join(', ')}]`;
    if (typeof value !== 'object' || value === null || value instanceof LosslessNumber) return JSON.stringify(value);
    return `{${Object.entries(value).map(([name, item]) => `${name}: ${this.free(type, item, kind)}`)}}`;
  }

  private directives(): string {
    if (!this.chance(8)) return '';
    const name = this.oneOf(conditions);
    this.definitions.set(name, 'Boolean!');
    this.variables[name] ??= this.chance(2);
    return ` @${this.oneOf(['skip', 'include'])}(if: $${name})`;
  }

  private oneOf<T>(choices: readonly T[]): T {
    return choices[this.draw(choices.length)] as T;
  }

  private chance(oneIn: number): boolean {
    return this.draw(oneIn) === 0;
  }
}

/** What has to be equal for two fields to share a name. */
const shapeOf = ({ type }: GraphQLField<unknown, unknown>): string =>
  isCompositeType(getNamedType(type)) ? String(type).replace(/\w+/, '{}') : String(type);

/** Numbers from a seed: the same seed gives the same ones. */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** The same seed writes the same operation; a smaller depth keeps it readable. Without `named`, all fragments are inline. */
export const randomOperation = (schema: GraphQLSchema, seed: number, depth: number, named = true): RandomOperation =>
  new OperationWriter(schema, randomNumbers(seed), named).write(depth);
