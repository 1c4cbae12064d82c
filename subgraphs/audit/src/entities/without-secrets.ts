/** What JSON can say; not recursive, for TypeORM's types would recurse without end. */
export type JsonValue = string | number | boolean | object | null;

/** The id of an API key is none. */
const SECRET = /pass(word|phrase|wd)|secret|token|cookie|authorization|credential|(api|private)_?-?key(?!_?ids?$)/i;
const MAX_DEPTH = 32;

/**
 * JSON as the log may keep it: members whose names speak of a secret left out, whatever is nested deeper than 32 levels cut,
 * and characters and numbers that PostgreSQL's jsonb cannot hold replaced.
 */
export function withoutSecrets(value: unknown, depth = 0): JsonValue {
  if (typeof value === 'string') return storable(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !SECRET.test(name))
      .map(([name, member]) => [storable(name), withoutSecrets(member, depth + 1)]),
  );
}

/** Text that PostgreSQL gives back as it got it. */
export const storable = (text: string): string =>
  text.isWellFormed() && !text.includes('\0') ? text : text.replaceAll('\0', '\ufffd').toWellFormed();
