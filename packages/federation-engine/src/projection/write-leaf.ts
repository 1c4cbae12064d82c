import { LosslessNumber } from '@platform/foundation/json';
import type { SerializationRun } from './serialization-run.js';

/** Writes a value of a scalar; reports one that the scalar does not have, and answers false (GraphQL specification, 3.5 and 6.4.3). */
type WriteLeaf = (value: unknown, run: SerializationRun, depth: number) => boolean;

const integer = /^(?:0|-?[1-9]\d*)$/;

const notOf = (scalar: string): string => `a value that the scalar ${scalar} does not have`;

const int: WriteLeaf = (value, run, depth) => {
  const number = value instanceof LosslessNumber ? Number(value) : value;
  // What is the same as an integer of 32 bits is one.
  if (((number as number) | 0) !== number) return run.invalid(depth, notOf('Int'));
  run.out.number(number);
  return true;
};

const float: WriteLeaf = (value, run, depth) => {
  if (!Number.isFinite(value instanceof LosslessNumber ? Number(value) : value)) {
    return run.invalid(depth, notOf('Float'));
  }
  run.out.leaf(value);
  return true;
};

const string: WriteLeaf = (value, run, depth) => {
  if (typeof value !== 'string') return run.invalid(depth, notOf('String'));
  run.out.string(value);
  return true;
};

const boolean: WriteLeaf = (value, run, depth) => {
  if (typeof value !== 'boolean') return run.invalid(depth, notOf('Boolean'));
  run.out.boolean(value);
  return true;
};

/** Integers are ids too, and are written as text. */
const id: WriteLeaf = (value, run, depth) => {
  const text = typeof value === 'string' ? value : integerText(value);
  if (text === undefined) return run.invalid(depth, notOf('ID'));
  run.out.string(text);
  return true;
};

function integerText(value: unknown): string | undefined {
  if (typeof value !== 'number' && !(value instanceof LosslessNumber)) return undefined;
  const text = String(value);
  return integer.test(text) ? text : undefined;
}

/** Whatever JSON can say. A value too deep to be written is none. */
const custom =
  (scalar: string): WriteLeaf =>
  (value, run, depth) => {
    const { out } = run;
    const start = out.position;
    try {
      out.leaf(value);
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      out.position = start;
      return run.invalid(depth, notOf(scalar));
    }
  };

const builtIn: ReadonlyMap<string, WriteLeaf> = new Map([
  ['Int', int],
  ['Float', float],
  ['String', string],
  ['Boolean', boolean],
  ['ID', id],
]);

/** @param scalar its name. */
export const leafWriterOf = (scalar: string): WriteLeaf => builtIn.get(scalar) ?? custom(scalar);

/** Whether the scalar has every string, written as it is. */
export const isWrittenAsText = (scalar: string): boolean => !['Int', 'Float', 'Boolean'].includes(scalar);
