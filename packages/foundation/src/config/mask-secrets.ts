import type { z } from 'zod';
import { childSchema, type Sections } from './schema-at.js';
import { markOf } from './values.js';

export const mask = '********';

/** A copy of a loaded configuration that can be shown: every secret that is set reads `********`. */
export function maskSecrets<T extends object>(sections: Sections, config: T): T {
  return Object.fromEntries(
    Object.entries(config).map(([name, section]) => [name, maskValue(sections[name], section)]),
  ) as T;
}

/** The value of a schema, with mask for whatever in it is secret, at any depth. */
export function maskValue(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (value !== null && markOf(schema).secret) return mask;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => maskValue(childSchema(schema, String(index)), item));
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, maskValue(childSchema(schema, name), child)]),
  );
}
