import type { GraphQLFormattedError } from 'graphql';
import { type Refusal, refusalError } from '../authorization/refusals.js';
import type { Rights } from '../authorization/rights.js';
import type { ErrorTree } from './error-tree.js';
import type { FieldShape, ObjectShape, ValueShape } from './shapes.js';

type Data = Readonly<Record<string, unknown>>;

/**
 * One pass over the merged data that makes the client's answer: field order, aliases, type conditions, refusals and
 * null propagation. `undefined` stands for a null that has to propagate to the parent.
 */
export class Projection {
  readonly errors: GraphQLFormattedError[] = [];
  readonly answered = new Set<Refusal>();
  /** Keys from the root to the value in hand; only the first `depth` entries count. */
  private readonly path: (string | number)[] = [];

  constructor(
    private readonly reported: ErrorTree | undefined,
    private readonly rights: Rights,
  ) {}

  root(shape: ObjectShape, data: Data): Record<string, unknown> | null {
    return this.object(shape, data, 0) ?? null;
  }

  private object(shape: ObjectShape, data: Data, depth: number): Record<string, unknown> | undefined {
    const answer: Record<string, unknown> = shape.bare ? Object.create(null) : {};
    let broken = false;
    for (const field of shape.fields) {
      const value = this.field(field, shape, data, depth);
      if (value === undefined) broken = true;
      else answer[field.name] = value;
    }
    return broken ? undefined : answer;
  }

  private field(field: FieldShape, shape: ObjectShape, data: Data, depth: number): unknown {
    for (const refusal of field.refusals) this.answered.add(refusal);
    switch (field.kind) {
      case 'value':
        this.path[depth] = field.name;
        return this.value(field.type, data[field.key], depth + 1, field);
      case 'typename':
        return shape.typeName;
      case 'raw':
        return data[field.key] ?? null;
      case 'refused':
        this.path[depth] = field.name;
        this.refuse(field, depth + 1);
        return propagated(field.type);
    }
  }

  private value(type: ValueShape, value: unknown, depth: number, field: FieldShape): unknown {
    if (value === null || value === undefined) return type.nonNull ? this.missing(depth, field) : null;
    switch (type.kind) {
      case 'leaf':
        return value;
      case 'enum':
        if (type.values.has(value)) return value;
        return type.hidden.has(value) && !type.nonNull
          ? null
          : this.invalid(type, depth, `a value that the enum ${type.typeName} does not have`);
      case 'list':
        return Array.isArray(value)
          ? (this.list(type.of, value, depth, field) ?? propagated(type))
          : this.invalid(type, depth, 'no list where one is declared');
      case 'object':
      case 'abstract': {
        if (typeof value !== 'object' || Array.isArray(value))
          return this.invalid(type, depth, 'no object where one is declared');
        const shape = type.shapeOf((value as Data)['__typename']);
        if (!shape) return this.invalid(type, depth, `an object that is no ${type.typeName}`);
        return this.object(shape, value as Data, depth) ?? propagated(type);
      }
    }
  }

  private list(type: ValueShape, values: readonly unknown[], depth: number, field: FieldShape): unknown[] | undefined {
    const answer: unknown[] = new Array(values.length);
    let broken = false;
    for (let index = 0; index < values.length; index++) {
      this.path[depth] = index;
      const value = this.value(type, values[index], depth + 1, field);
      if (value === undefined) broken = true;
      else answer[index] = value;
    }
    return broken ? undefined : answer;
  }

  private refuse({ refusals: [refusal] }: FieldShape, depth: number): void {
    if (refusal) this.errors.push(refusalError(refusal, this.path.slice(0, depth), this.rights));
  }

  private missing(depth: number, { coordinate }: FieldShape): undefined {
    this.report(depth, 'NULL_FOR_NON_NULL_FIELD', `Cannot return null for non-nullable field ${coordinate}.`);
  }

  private invalid(type: ValueShape, depth: number, fault: string): null | undefined {
    this.report(depth, 'SUBGRAPH_INVALID_RESPONSE', `A subgraph answered ${fault}.`);
    return propagated(type);
  }

  private report(depth: number, code: string, message: string): void {
    const path = this.path.slice(0, depth);
    if (!this.reported?.explains(path)) this.errors.push({ message, path, extensions: { code } });
  }
}

const propagated = ({ nonNull }: ValueShape): null | undefined => (nonNull ? undefined : null);
