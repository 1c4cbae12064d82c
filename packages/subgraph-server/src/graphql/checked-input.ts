import { BadUserInput } from '@platform/foundation/errors';
import { body, type TextKind, UnfitText } from '@platform/foundation/text';
import { z } from 'zod';

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

/** Text of the kind, in its one spelling. */
export const textOf = <Value>(kind: TextKind<Value>) =>
  z.string().transform((text, context): Value => {
    try {
      return kind.read(text);
    } catch (error) {
      if (!(error instanceof UnfitText)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });

/** Text in paragraphs of at most `max` Unicode code points that is not blank and that PostgreSQL can store. */
export const text = (max: number) => textOf(body(max));

/** What is made of each of the arguments. @throws BadUserInput that names every one that its kind refuses. */
export function checkedArguments<Values extends object>(
  readers: { [Name in keyof Values]: () => Values[Name] },
): Values {
  const values: Partial<Values> = {};
  const mistakes: Record<string, string> = {};
  for (const [name, read] of Object.entries(readers) as [
    keyof Values & string,
    () => Values[keyof Values & string],
  ][]) {
    try {
      values[name] = read();
    } catch (error) {
      if (!(error instanceof UnfitText)) throw error;
      mistakes[name] = error.message;
    }
  }
  if (Object.keys(mistakes).length > 0) throw new BadUserInput(mistakes);
  return values as Values;
}

/** The same for one argument, or one part of it such as `filter.search`. @throws BadUserInput */
export const checkedArgument = <Value>(name: string, read: () => Value): Value =>
  checkedArguments({ [name]: read })[name] as Value;
