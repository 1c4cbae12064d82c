import { z } from 'zod';
import { BadUserInput } from '../errors/index.js';

/** What the schema makes of a mutation's input. @throws BadUserInput that names every mistake by its path, such as `input.title`. */
export function checkedInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  name = 'input',
): z.output<Schema> {
  const checked = schema.safeParse(input);
  if (checked.success) return checked.data;
  throw new BadUserInput(
    Object.fromEntries(checked.error.issues.map(({ path, message }) => [[name, ...path].join('.'), message])),
  );
}

/** Text of at most `max` Unicode code points that is not blank and that PostgreSQL can store. */
export const text = (max: number) =>
  z
    .string()
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'Contains characters that cannot be stored.')
    .refine((value) => value.trim() !== '' && codePoints(value) <= max, `Between 1 and ${max} characters.`);

function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
}
