import { z } from 'zod';
import { BadUserInput } from '../errors/index.js';

/** What the schema makes of a mutation's input. @throws BadUserInput that names every mistake by its path, such as `input.title`. */
export function checkedInput<Schema extends z.ZodType>(schema: Schema, input: unknown, name = 'input'): z.output<Schema> {
  const checked = schema.safeParse(input);
  if (checked.success) return checked.data;
  throw new BadUserInput(
    Object.fromEntries(checked.error.issues.map(({ path, message }) => [[name, ...path].join('.'), message])),
  );
}

interface TextLimits {
  readonly min?: number;
  readonly max: number;
}

/** Text of at least `min` (default 1) and at most `max` Unicode code points that PostgreSQL can store and that is not blank. */
export const text = ({ min = 1, max }: TextLimits) =>
  z
    .string()
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'Contains characters that cannot be stored.')
    .refine((value) => {
      const length = codePoints(value);
      return length <= max && length >= min && (min === 0 || value.trim() !== '');
    }, `Between ${min} and ${max} characters.`);

const codePoints = (value: string): number => {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
};
