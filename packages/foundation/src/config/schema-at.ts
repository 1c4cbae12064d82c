import type { z } from 'zod';
import { withoutWrappers } from './values.js';

/** Zod objects by the name of their section in the files. */
export type Sections = Record<string, z.ZodType>;

/** The schema of one key (`server.port`), or undefined when its section was not asked for or does not know it. */
export function schemaAt(sections: Sections, key: string): z.core.$ZodType | undefined {
  const [section, ...rest] = key.split('.');
  return rest.reduce<z.core.$ZodType | undefined>(childSchema, sections[section ?? '']);
}

/** The schema of a member of an object, of a value of a record, or of an item of a list; undefined where there is none. */
export function childSchema(schema: z.core.$ZodType | undefined, name: string): z.core.$ZodType | undefined {
  const { shape, valueType, element } = (schema ? withoutWrappers(schema)._zod.def : {}) as {
    shape?: z.core.$ZodShape;
    valueType?: z.core.$ZodType;
    element?: z.core.$ZodType;
  };
  return shape?.[name] ?? valueType ?? element;
}
