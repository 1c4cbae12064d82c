import { title } from '@platform/foundation/text';
import { textOf } from '@platform/subgraph-server/graphql';
import { z } from 'zod';

const name = textOf(title);

/** What a new product says. */
export const newProduct = z.object({ name });

/** What a change says. What is left out, or null, stays as it is. */
export const productChange = z
  .object({ name: name.nullish(), version: z.int() })
  .transform(({ version, ...changes }) => ({ version, changes: withoutNulls(changes) }));

function withoutNulls<T extends object>(changes: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value != null)) as never;
}
