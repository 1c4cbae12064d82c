import type { z } from 'zod';
import { safeParse } from 'zod/v4/core';
import { FromEnvironment } from './expand-variables.js';
import { withoutWrappers } from './values.js';

/**
 * A text from the environment or the command line as the value its schema expects.
 * What does not look like one is left as text, for the schema to refuse.
 */
export function coerce(schema: z.core.$ZodType | undefined, text: string): unknown {
  if (!schema) return text;
  if (text === 'null' && schema._zod.def.type !== withoutWrappers(schema)._zod.def.type) return null;

  const { def } = withoutWrappers(schema)._zod as unknown as {
    def: Definition;
  };
  switch (def.type) {
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    case 'array':
      return text.startsWith('[') ? fromJson(text) : items(text).map((item) => coerce(def.element, item));
    case 'object':
    case 'record':
      return fromJson(text);
    case 'pipe':
      return coerce(def.in, text);
    case 'union':
      return ofUnion(def.options ?? [], text);
    default:
      return text;
  }
}

interface Definition {
  type: string;
  element?: z.core.$ZodType;
  in?: z.core.$ZodType;
  options?: readonly z.core.$ZodType[];
  shape?: Readonly<Record<string, z.core.$ZodType>>;
  valueType?: z.core.$ZodType;
}

/** As the first of the types that takes it. */
function ofUnion(options: readonly z.core.$ZodType[], text: string): unknown {
  for (const option of options) {
    const value = coerce(option, text);
    if (safeParse(option, value).success) return value;
  }
  return text;
}

/** A value of a file in which texts that came from the environment as a whole have the type that their schema expects. */
export function typed(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (value instanceof FromEnvironment) return coerce(schema, value.text);
  const { def } = (schema ? withoutWrappers(schema)._zod : { def: { type: '' } }) as unknown as { def: Definition };
  if (Array.isArray(value)) return value.map((item) => typed(def.element, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, typed(def.shape?.[key] ?? def.valueType, item)]),
  );
}

const items = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
