import { isDataObject } from '../base/data.js';
import type { Data, SerializationRun } from './serialization-run.js';
import type { DeferredShape, FieldShape, ObjectShape, ValueShape } from './shapes.js';
import { isWrittenAsText, leafWriterOf } from './write-leaf.js';

/** Writes a value at `depth` of the run's path. False stands for a null that has to propagate to the parent. */
type Write<Value> = (value: Value, run: SerializationRun, depth: number) => boolean;

/**
 * Makes the client's answer of the merged data: field order, aliases, type conditions, unauthorized and null propagation.
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
  const { unauthorized } = field;
  const write = bareFieldWriter(field, typeName, `${separator}${JSON.stringify(field.name)}:`);
  if (unauthorized.length === 0) return write;
  return (data, run, depth) => {
    for (const denied of unauthorized) run.answered.add(denied);
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
    case 'unauthorized': {
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
  const isText = type.kind === 'leaf' && isWrittenAsText(type.typeName);
  return (value, run, depth) => {
    if (isText && typeof value === 'string' && !run.isFull()) {
      run.out.string(value);
      return true;
    }
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
      case 'leaf':
        return leafWriterOf(shape.typeName);
      case 'enum':
        return (value, run, depth) => {
          if (!shape.values.has(value)) {
            if (shape.hidden.has(value) && !shape.nonNull) return false;
            return run.invalid(depth, `a value that the enum ${shape.typeName} does not have`);
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

function compositeWriter(type: Extract<ValueShape, { kind: 'object' | 'abstract' }>): Write<unknown> {
  const writers = new Map<ObjectShape, Write<Data>>();
  return remembered((value, run, depth) => {
    if (!isDataObject(value)) {
      return run.invalid(depth, 'no object where one is declared');
    }
    const shape = type.shapeOf((value as Data)['__typename']);
    if (!shape) return run.invalid(depth, `an object that is no ${type.typeName}`);
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
    if (!Array.isArray(values)) return run.invalid(depth, 'no list where one is declared');
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
