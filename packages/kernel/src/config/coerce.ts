import type { z } from 'zod';
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
    default:
      return text;
  }
}

interface Definition {
  type: string;
  element?: z.core.$ZodType;
  in?: z.core.$ZodType;
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
