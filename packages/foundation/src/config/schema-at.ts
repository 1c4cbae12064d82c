import type { z } from 'zod';
import { withoutWrappers } from './values.js';

/** Zod objects by the name of their section in the files. */
export type Sections = Record<string, z.ZodType>;

/** The schema of one key (`server.port`), or undefined when its section was not asked for or does not know it. */
export function schemaAt(sections: Sections, key: string): z.core.$ZodType | undefined {
  const [section, ...rest] = key.split('.');
  return rest.reduce<z.core.$ZodType | undefined>(
    (schema, name) => {
      const { shape, valueType } = (schema ? withoutWrappers(schema)._zod.def : {}) as {
        shape?: z.core.$ZodShape;
        valueType?: z.core.$ZodType;
      };
      return shape?.[name] ?? valueType;
    },
    sections[section ?? ''],
  );
}
