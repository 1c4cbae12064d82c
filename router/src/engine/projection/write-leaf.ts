import { LosslessNumber } from '@platform/kernel/json';
import type { JsonWriter } from './json-writer.js';

/** Writes a value of a scalar; false, and nothing written, for one that the scalar does not have (GraphQL specification, 3.5 and 6.4.3). */
export type WriteLeaf = (value: unknown, out: JsonWriter) => boolean;

const LARGEST_INT = 2 ** 31 - 1;
const SMALLEST_INT = -(2 ** 31);
const integer = /^(?:0|-?[1-9]\d*)$/;

const int: WriteLeaf = (value, out) => {
  const number = value instanceof LosslessNumber ? Number(value) : value;
  if (!Number.isInteger(number) || (number as number) > LARGEST_INT || (number as number) < SMALLEST_INT) return false;
  out.leaf(number);
  return true;
};

const float: WriteLeaf = (value, out) => {
  if (!Number.isFinite(value instanceof LosslessNumber ? Number(value) : value)) return false;
  out.leaf(value);
  return true;
};

const string: WriteLeaf = (value, out) => {
  if (typeof value !== 'string') return false;
  out.leaf(value);
  return true;
};

const boolean: WriteLeaf = (value, out) => {
  if (typeof value !== 'boolean') return false;
  out.leaf(value);
  return true;
};

/** Integers are ids too, and are written as text. */
const id: WriteLeaf = (value, out) => {
  if (typeof value !== 'number' && !(value instanceof LosslessNumber)) return string(value, out);
  const text = String(value);
  if (!integer.test(text)) return false;
  out.leaf(text);
  return true;
};

/** Whatever JSON can say. A value too deep to be written is none. */
const custom: WriteLeaf = (value, out) => {
  const start = out.position;
  try {
    out.leaf(value);
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    out.position = start;
    return false;
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
export const leafWriterOf = (scalar: string): WriteLeaf => builtIn.get(scalar) ?? custom;
