import type { GraphQLFormattedError } from 'graphql';
import { type Refusal, refusalError } from '../authorization/refusals.js';
import type { Rights } from '../authorization/rights.js';
import type { ErrorTree } from './error-tree.js';
import type { FieldShape, ObjectShape, ValueShape } from './shapes.js';

type Data = Readonly<Record<string, unknown>>;

/** The text of a value that stands in several places, once it is written for one of them. */
export interface Memo {
  shape: unknown;
  json: string;
}

/** Writes a value at `depth` of the run's path. `undefined` stands for a null that has to propagate to the parent. */
type Write<Value> = (value: Value, run: SerializationRun, depth: number) => string | undefined;

/** What one answer brings along, and what writing it brings to light. */
export class SerializationRun {
  readonly errors: GraphQLFormattedError[] = [];
  readonly answered = new Set<Refusal>();
  /** Keys from the root to the value in hand; only the first entries count. */
  readonly path: (string | number)[] = [];

  constructor(
    private readonly reported: ErrorTree | undefined,
    private readonly rights: Rights,
    readonly repeated: ReadonlyMap<unknown, Memo>,
  ) {}

  refuse({ refusals: [refusal] }: FieldShape, depth: number): void {
    if (refusal) this.errors.push(refusalError(refusal, this.path.slice(0, depth), this.rights));
  }

  report(depth: number, code: string, message: string): void {
    const path = this.path.slice(0, depth);
    if (!this.reported?.explains(path)) this.errors.push({ message, path, extensions: { code } });
  }
}

/**
 * The projection of project.ts written straight to JSON text: compiled once per shape, it makes no object of the answer.
 * The two give the same data and the same errors.
 */
export class Serializer {
  private readonly root: Write<Data>;

  constructor(shape: ObjectShape) {
    this.root = objectWriter(shape);
  }

  /** The text of `data`. */
  write(data: Data, run: SerializationRun): string {
    return this.root(data, run, 0) ?? 'null';
  }
}

function objectWriter(shape: ObjectShape): Write<Data> {
  const fields = shape.fields.map((field, index) => fieldWriter(field, shape, index === 0 ? '{' : ','));
  if (fields.length === 0) return () => '{}';
  return (data, run, depth) => {
    let text: string | undefined = '';
    for (let index = 0; index < fields.length; index++) {
      const written = (fields[index] as Write<Data>)(data, run, depth);
      text = text === undefined || written === undefined ? undefined : text + written;
    }
    return text === undefined ? undefined : `${text}}`;
  };
}

function fieldWriter(field: FieldShape, { typeName }: ObjectShape, separator: string): Write<Data> {
  const { kind, name, key, refusals } = field;
  const beginning = `${separator}${JSON.stringify(name)}:`;
  const written = bareFieldWriter();
  if (refusals.length === 0) return written;
  return (data, run, depth) => {
    for (const refusal of refusals) run.answered.add(refusal);
    return written(data, run, depth);
  };

  function bareFieldWriter(): Write<Data> {
    switch (kind) {
      case 'typename': {
        const text = `${beginning}${JSON.stringify(typeName)}`;
        return () => text;
      }
      case 'raw':
        return (data) => beginning + leafText(data[key] ?? null);
      case 'refused':
        return (_data, run, depth) => {
          run.path[depth] = name;
          run.refuse(field, depth + 1);
          return field.type.nonNull ? undefined : `${beginning}null`;
        };
      case 'value': {
        const write = valueWriter(field.type, field);
        return (data, run, depth) => {
          run.path[depth] = name;
          const text = write(data[key], run, depth + 1);
          return text === undefined ? undefined : beginning + text;
        };
      }
    }
  }
}

function valueWriter(type: ValueShape, field: FieldShape): Write<unknown> {
  const propagated = type.nonNull ? undefined : 'null';
  const present = presentWriter(type, field, propagated);
  return (value, run, depth) => {
    if (value !== null && value !== undefined) return present(value, run, depth);
    if (type.nonNull) {
      run.report(depth, 'NULL_FOR_NON_NULL_FIELD', `Cannot return null for non-nullable field ${field.coordinate}.`);
    }
    return propagated;
  };
}

/** Writes what is not null. */
function presentWriter(type: ValueShape, field: FieldShape, propagated: string | undefined): Write<unknown> {
  const invalid = (run: SerializationRun, depth: number, fault: string) => {
    run.report(depth, 'SUBGRAPH_INVALID_RESPONSE', `A subgraph answered ${fault}.`);
    return propagated;
  };
  switch (type.kind) {
    case 'leaf':
      return leafText;
    case 'enum':
      return (value, run, depth) =>
        type.values.has(value)
          ? `"${value as string}"`
          : invalid(run, depth, `a value that the enum ${type.typeName} does not have`);
    case 'list': {
      const write = listWriter(valueWriter(type.of, field));
      return remembered((value, run, depth) =>
        Array.isArray(value)
          ? (write(value, run, depth) ?? propagated)
          : invalid(run, depth, 'no list where one is declared'),
      );
    }
    case 'object':
    case 'abstract': {
      const writers = new Map<ObjectShape, Write<Data>>();
      return remembered((value, run, depth) => {
        if (typeof value !== 'object' || Array.isArray(value)) {
          return invalid(run, depth, 'no object where one is declared');
        }
        const shape = type.shapeOf((value as Data)['__typename']);
        if (!shape) return invalid(run, depth, `an object that is no ${type.typeName}`);
        let write = writers.get(shape);
        if (!write) {
          write = objectWriter(shape);
          writers.set(shape, write);
        }
        return write(value as Data, run, depth) ?? propagated;
      });
    }
  }
}

function listWriter(write: Write<unknown>): Write<readonly unknown[]> {
  return (values, run, depth) => {
    let text: string | undefined = '[';
    for (let index = 0; index < values.length; index++) {
      run.path[depth] = index;
      const written = write(values[index], run, depth + 1);
      if (text === undefined || written === undefined) text = undefined;
      else text += index === 0 ? written : `,${written}`;
    }
    return text === undefined ? undefined : `${text}]`;
  };
}

/** A value that stands in several places is written once, unless there is something to say that depends on the place. */
function remembered(write: Write<unknown>): Write<unknown> {
  return (value, run, depth) => {
    const memo = run.repeated.size > 0 ? run.repeated.get(value) : undefined;
    if (!memo) return write(value, run, depth);
    if (memo.shape === write) return memo.json;
    const before = run.errors.length;
    const text = write(value, run, depth);
    if (text !== undefined && run.errors.length === before) {
      memo.shape = write;
      memo.json = text;
    }
    return text;
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes.
const escaped = /[\u0000-\u001f"\\\ud800-\udfff]/;
const longestTested = 1000;

function leafText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length <= longestTested && !escaped.test(value) ? `"${value}"` : JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return JSON.stringify(value) ?? 'null';
  }
}
