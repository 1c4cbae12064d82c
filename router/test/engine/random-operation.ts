import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
} from 'graphql';

/** Aliases chosen to collide with keys, required fields and each other. */
const aliases = ['id', 'name', 'title', 'age', 'a', 'b'];

/** Writes random operations for a schema; most are valid, the reader filters. */
class OperationWriter {
  private readonly fragments: string[] = [];
  private readonly variables = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    /** A number from 0 up to, not including, the limit. */
    private readonly draw: (limit: number) => number,
  ) {}

  write(depth: number): string {
    const root = this.schema.getQueryType();
    const body = root ? this.selections(root, depth) : '';
    const variables = [...this.variables].map((name) => `$${name}: Boolean!`).join(', ');
    return [`query Q${variables && `(${variables})`} ${body}`, ...this.fragments].join('\n');
  }

  private selections(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.draw(4);
    return `{ ${Array.from({ length: count }, () => this.selection(type, depth)).join(' ')} }`;
  }

  private selection(type: GraphQLCompositeType, depth: number): string {
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const choice = this.draw(10);
    if (choice === 0) return `__typename${this.directives()}`;
    if (choice < 3 || fields.length === 0) return this.fragment(type, depth);
    return this.field(this.oneOf(fields), depth);
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    if (isCompositeType(type) && depth === 0) return '__typename';
    const alias = this.chance(4) ? `${this.oneOf(aliases)}: ` : '';
    const nested = isCompositeType(type) ? ` ${this.selections(type, depth - 1)}` : '';
    return `${alias}${field.name}${this.args(field)}${this.directives()}${nested}`;
  }

  private fragment(type: GraphQLCompositeType, depth: number): string {
    if (depth === 0) return '__typename';
    const on = this.oneOf([type, ...this.overlapping(type)]);
    const body = this.selections(on, depth - 1);
    if (this.chance(2))
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
    const given = args.flatMap(({ name, type }) => {
      if (!String(type).endsWith('!') && this.chance(2)) return [];
      const values = {
        id: ['"u1"', '"u3"', '"p2"'],
        unit: ['"months"', '"years"'],
        first: ['1', '2'],
        scale: ['2', '3'],
      }[name];
      return values ? [`${name}: ${this.oneOf(values)}`] : [];
    });
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  private directives(): string {
    if (!this.chance(8)) return '';
    const name = this.oneOf(['yes', 'no']);
    this.variables.add(name);
    return ` @${this.oneOf(['skip', 'include'])}(if: $${name})`;
  }

  private oneOf<T>(choices: readonly T[]): T {
    return choices[this.draw(choices.length)] as T;
  }

  private chance(oneIn: number): boolean {
    return this.draw(oneIn) === 0;
  }
}

/** The same seed writes the same operation; a smaller depth keeps it readable. */
export function randomOperation(schema: GraphQLSchema, seed: number, depth: number): string {
  let state = seed;
  const draw = (limit: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return new OperationWriter(schema, draw).write(depth);
}
