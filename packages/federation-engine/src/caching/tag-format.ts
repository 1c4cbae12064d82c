import { LosslessNumber } from '@platform/foundation/json';

/** Makes a tag: of `args`, the arguments of a root field, of `key`, the representation of an entity, or of an event. Undefined when a value is missing or is no scalar. */
export type TagFormat = (source: object) => string | undefined;

/** Reads a format as of Apollo's `@cacheTag`: `post-{$key.id}`, `user-{$args.userId}`, `post-{subject}`, or a text without a value. */
export function tagFormat(format: string): TagFormat {
  const parts = format.split(/\{\$?([\w.]+)\}/);
  return (source) => {
    let tag = '';
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index] as string;
      if (index % 2 === 0) {
        tag += part;
        continue;
      }
      const value = valueAt(source, part);
      if (value === undefined) return undefined;
      tag += value;
    }
    return tag;
  };
}

/** The scalar at a dotted path, as text. */
function valueAt(source: object, path: string): string | undefined {
  let value: unknown = source;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar || value instanceof LosslessNumber ? String(value) : undefined;
}
