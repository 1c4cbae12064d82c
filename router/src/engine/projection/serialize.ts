import type { GraphQLFormattedError } from 'graphql';
import { type Refusal, refusalError } from '../authorization/refusals.js';
import type { Rights } from '../authorization/rights.js';
import type { IntrospectedField, IntrospectionAnswer } from '../introspection.js';
import type { Deferral } from '../operation/deferral.js';
import { isDataObject } from '../plan/data.js';
import type { ErrorTree } from './error-tree.js';
import { JsonWriter } from './json-writer.js';
import type { DeferredShape, FieldShape, ObjectShape, ValueShape } from './shapes.js';

import { leafWriterOf } from './write-leaf.js';

type Data = Readonly<Record<string, unknown>>;

/** Where a value that stands in several places of the data was written for one of them. */
export interface Memo {
  writer: unknown;
  start: number;
  end: number;
  /** What was written before something was taken back may be gone. */
  takenBack: number;
}

export const freshMemo = (): Memo => ({ writer: undefined, start: 0, end: 0, takenBack: 0 });

/** Writes a value at `depth` of the run's path. False stands for a null that has to propagate to the parent. */
type Write<Value> = (value: Value, run: SerializationRun, depth: number) => boolean;

/** A deferred fragment of an object that has been written. */
export interface DeferredObject {
  readonly deferral: Deferral;
  readonly shape: ObjectShape;
  readonly serializer: Serializer;
  readonly data: Data;
  readonly path: readonly (string | number)[];
}

/** For whom an answer is written. */
export interface Reader {
  readonly rights: Rights;
  /** What they may see of the schema. */
  introspect(field: IntrospectedField): IntrospectionAnswer;
  /** How long an answer may be, in bytes, before no further value is written into it. */
  readonly maxBytes?: number;
}

/** Errors that are told of one answer, and what the keys of their paths may take in all, in characters. */
const MOST_ERRORS = 10_000;
const MOST_PATH_CHARACTERS = 4 * 1024 * 1024;

/** What one answer brings along, and what writing it brings to light. */
export class SerializationRun {
  readonly errors: GraphQLFormattedError[] = [];
  readonly answered = new Set<Refusal>();
  /** What is to follow. */
  readonly deferred: DeferredObject[] = [];
  /** Keys from the root to the value in hand; only the first entries count. */
  readonly path: (string | number)[];
  takenBack = 0;
  /** Beyond this position no value is written; below every position once that has been so. */
  private most: number;
  private pathCharacters = 0;

  constructor(
    readonly out: JsonWriter,
    private readonly reported: ErrorTree | undefined,
    private readonly reader: Reader,
    readonly repeated: ReadonlyMap<unknown, Memo>,
    /** Where in the answer the writing begins. */
    readonly start: readonly (string | number)[] = [],
  ) {
    this.path = [...start];
    this.most = reader.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  /** True when the answer has no room for another value, or for one of so many bytes: aliases may make it of any length. */
  isFull(bytes = 0): boolean {
    return this.out.position + bytes > this.most;
  }

  /** Nothing of the answer is written any more, whatever is taken back of it. */
  end(depth: number): void {
    if (this.most < 0) return;
    this.most = -1;
    const path = this.path.slice(0, depth);
    this.errors.push({ message: 'The answer is too large.', path, extensions: { code: 'MAX_RESPONSE_BYTES_LIMIT' } });
  }

  refuse({ refusals: [refusal] }: FieldShape, depth: number): void {
    if (refusal) this.add(depth, (path) => refusalError(refusal, path, this.reader.rights));
  }

  report(depth: number, code: string, message: string): void {
    this.add(depth, (path) => (this.reported?.explains(path) ? undefined : { message, path, extensions: { code } }));
  }

  /** Nobody reads an error for each of a million places. */
  private add(depth: number, errorAt: (path: readonly (string | number)[]) => GraphQLFormattedError | undefined): void {
    if (this.errors.length >= MOST_ERRORS || this.pathCharacters > MOST_PATH_CHARACTERS) return;
    const path = this.path.slice(0, depth);
    const error = errorAt(path);
    if (!error) return;
    this.errors.push(error);
    for (const key of path) this.pathCharacters += typeof key === 'string' ? key.length : 1;
  }

  /** The schema may be asked for once for each object of a list: it is written no more once the answer is too large. */
  introspect({ introspected }: FieldShape, depth: number): void {
    if (introspected && !this.isFull()) {
      const { text, errors } = this.reader.introspect(introspected);
      this.out.text(text);
      for (const error of errors) this.add(depth, (path) => ({ ...error, path: [...path, ...error.path] }));
      return;
    }
    this.out.raw(NULL);
    this.end(depth);
  }

  /** Takes back what was written from the position on, and what was to follow it. */
  takeBack(position: number, deferred: number): false {
    this.out.position = position;
    this.deferred.length = deferred;
    this.takenBack++;
    return false;
  }
}

/** Answers are written one at a time, each without a pause: one buffer serves all. */
export const out = new JsonWriter();

/**
 * Makes the client's answer of the merged data: field order, aliases, type conditions, refusals and null propagation.
 * Compiled once per shape, it writes JSON in one pass, and makes no object of the answer.
 */
export class Serializer {
  private readonly root: Write<Data>;

  constructor(shape: ObjectShape) {
    this.root = objectWriter(shape);
  }

  /** Writes an object where the run begins. False when all that could be written is null. */
  write(data: Data, run: SerializationRun): boolean {
    if (this.root(data, run, run.start.length)) return true;
    run.out.raw(NULL);
    return false;
  }
}

const json = (text: string): Uint8Array => new TextEncoder().encode(text);
const NULL = json('null');
const EMPTY = json('{}');
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;
const COMMA = 0x2c;

function objectWriter(shape: ObjectShape): Write<Data> {
  const fields = shape.fields.map((field, index) => fieldWriter(field, shape, index === 0 ? '{' : ','));
  const later = shape.deferred.map((each) => deferredNote(each));
  if (fields.length === 0 && later.length === 0) return written(EMPTY);
  const empty = fields.length === 0;
  return (data, run, depth) => {
    const start = run.out.position;
    const deferred = run.deferred.length;
    let whole = true;
    for (let index = 0; index < fields.length; index++) {
      if (!(fields[index] as Write<Data>)(data, run, depth)) whole = false;
    }
    if (!whole) return run.takeBack(start, deferred);
    if (empty) run.out.raw(EMPTY);
    else run.out.byte(CLOSING_BRACE);
    for (let index = 0; index < later.length; index++) (later[index] as Note)(data, run, depth);
    return true;
  };
}

type Note = (data: Data, run: SerializationRun, depth: number) => void;

function deferredNote({ deferral, shape }: DeferredShape): Note {
  const serializer = new Serializer(shape);
  return (data, run, depth) => {
    run.deferred.push({ deferral, shape, serializer, data, path: run.path.slice(0, depth) });
  };
}

const written =
  (bytes: Uint8Array): Write<unknown> =>
  (_value, { out }) => {
    out.raw(bytes);
    return true;
  };

function fieldWriter(field: FieldShape, { typeName }: ObjectShape, separator: string): Write<Data> {
  const { refusals } = field;
  const write = bareFieldWriter(field, typeName, `${separator}${JSON.stringify(field.name)}:`);
  if (refusals.length === 0) return write;
  return (data, run, depth) => {
    for (const refusal of refusals) run.answered.add(refusal);
    return write(data, run, depth);
  };
}

function bareFieldWriter(field: FieldShape, typeName: string, name: string): Write<Data> {
  const { kind, key } = field;
  const beginning = json(name);
  switch (kind) {
    case 'typename':
      return written(json(name + JSON.stringify(typeName)));
    case 'introspection':
      return (_data, run, depth) => {
        run.path[depth] = field.name;
        run.out.raw(beginning);
        run.introspect(field, depth + 1);
        return true;
      };
    case 'refused': {
      const nothing = json(`${name}null`);
      return (_data, run, depth) => {
        run.path[depth] = field.name;
        run.refuse(field, depth + 1);
        if (field.type.nonNull) return false;
        run.out.raw(nothing);
        return true;
      };
    }
    case 'value': {
      const write = valueWriter(field.type, field);
      return (data, run, depth) => {
        run.path[depth] = field.name;
        run.out.raw(beginning);
        return write(data[key], run, depth + 1);
      };
    }
  }
}

function valueWriter(type: ValueShape, field: FieldShape): Write<unknown> {
  const { nonNull } = type;
  const present = presentWriter(type);
  return (value, run, depth) => {
    if (run.isFull()) run.end(depth);
    else if (value === null || value === undefined) {
      if (nonNull) {
        run.report(depth, 'NULL_FOR_NON_NULL_FIELD', `Cannot return null for non-nullable field ${field.coordinate}.`);
      }
    } else if (present(value, run, depth)) return true;
    if (nonNull) return false;
    run.out.raw(NULL);
    return true;
  };

  function presentWriter(shape: ValueShape): Write<unknown> {
    switch (shape.kind) {
      case 'leaf': {
        const write = leafWriterOf(shape.typeName);
        const fault = `a value that the scalar ${shape.typeName} does not have`;
        return (value, run, depth) => write(value, run.out) || invalid(run, depth, fault);
      }
      case 'enum':
        return (value, run, depth) => {
          if (!shape.values.has(value)) {
            if (shape.hidden.has(value) && !shape.nonNull) return false;
            return invalid(run, depth, `a value that the enum ${shape.typeName} does not have`);
          }
          run.out.leaf(value);
          return true;
        };
      case 'list':
        return listWriter(valueWriter(shape.of, field));
      case 'object':
      case 'abstract':
        return compositeWriter(shape);
    }
  }
}

function invalid(run: SerializationRun, depth: number, fault: string): false {
  run.report(depth, 'SUBGRAPH_INVALID_RESPONSE', `A subgraph answered ${fault}.`);
  return false;
}

function compositeWriter(type: Extract<ValueShape, { kind: 'object' | 'abstract' }>): Write<unknown> {
  const writers = new Map<ObjectShape, Write<Data>>();
  return remembered((value, run, depth) => {
    if (!isDataObject(value)) {
      return invalid(run, depth, 'no object where one is declared');
    }
    const shape = type.shapeOf((value as Data)['__typename']);
    if (!shape) return invalid(run, depth, `an object that is no ${type.typeName}`);
    let write = writers.get(shape);
    if (!write) {
      write = objectWriter(shape);
      writers.set(shape, write);
    }
    return write(value as Data, run, depth);
  });
}

function listWriter(write: Write<unknown>): Write<unknown> {
  return remembered((values, run, depth) => {
    if (!Array.isArray(values)) return invalid(run, depth, 'no list where one is declared');
    const start = run.out.position;
    const deferred = run.deferred.length;
    run.out.byte(OPENING_BRACKET);
    let whole = true;
    for (let index = 0; index < values.length; index++) {
      run.path[depth] = index;
      if (index > 0) run.out.byte(COMMA);
      if (!write(values[index], run, depth + 1)) whole = false;
    }
    if (!whole) return run.takeBack(start, deferred);
    run.out.byte(CLOSING_BRACKET);
    return true;
  });
}

/** A value that stands in several places is made once, unless there is something to say that depends on the place. */
function remembered(write: Write<unknown>): Write<unknown> {
  return (value, run, depth) => {
    const memo = run.repeated.size > 0 ? run.repeated.get(value) : undefined;
    if (!memo) return write(value, run, depth);
    if (memo.writer === write && memo.takenBack === run.takenBack && !run.isFull(memo.end - memo.start)) {
      run.out.again(memo.start, memo.end);
      return true;
    }
    const errors = run.errors.length;
    const start = run.out.position;
    if (!write(value, run, depth)) return false;
    if (run.errors.length === errors) {
      memo.writer = write;
      memo.start = start;
      memo.end = run.out.position;
      memo.takenBack = run.takenBack;
    }
    return true;
  };
}
