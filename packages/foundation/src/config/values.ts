import { isIP } from 'node:net';
import { z } from 'zod';

/** What the loader has to know of a value besides its type. */
interface Mark {
  /** Masked wherever configuration is shown. */
  secret?: boolean;
  /** The value in the committed files serves development and test alone. */
  developmentOnly?: boolean;
  /** A file path, relative to the project's root. */
  path?: boolean;
  /** The key whose value counts where this one is null. */
  inherits?: string;
  /** Of a section: keys that whoever reads it must have been told outside development and test. */
  needs?: readonly string[];
}

const marks = z.registry<Mark>();

/** The marks of a value's schema, also through `nullable`, `optional` and `default`. */
export function markOf(schema: z.core.$ZodType | undefined): Mark {
  return (schema && marks.get(withoutWrappers(schema))) ?? {};
}

/** The schema inside `nullable`, `optional`, `default` and the like. */
export function withoutWrappers(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType ? withoutWrappers(innerType) : schema;
}

const milliseconds = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
} as const;

/** '500ms', '30s', '15m', '24h' or '7d'; read as a number of milliseconds. */
export const duration = z
  .string({ error: 'must be a duration such as 500ms, 30s, 15m, 24h or 7d' })
  .regex(/^\d+(ms|s|m|h|d)$/, 'must be a duration such as 500ms, 30s, 15m, 24h or 7d')
  .transform((text) => amount(text) * milliseconds[unit(text) as keyof typeof milliseconds]);

const sizes = { b: 1, kb: 1_024, mb: 1_024 ** 2, gb: 1_024 ** 3 } as const;

/** '512b', '64kb', '1mb' or '2gb' in powers of 1024; read as a number of bytes. */
export const bytes = z
  .string({ error: 'must be a size such as 64kb or 1mb' })
  .regex(/^\d+(b|kb|mb|gb)$/i, 'must be a size such as 64kb or 1mb')
  .transform((text) => amount(text) * sizes[unit(text).toLowerCase() as keyof typeof sizes]);

const amount = (text: string): number => Number.parseInt(text, 10);
const unit = (text: string): string => text.replace(/^\d+/, '');

/** An http or https address, read without its trailing slash. */
export const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .transform((address) => address.replace(/\/+$/, ''));

/** An address, or a network such as 10.0.0.0/8 or fd00::/8. */
export const network = z.string().refine((text) => {
  const [address = '', length = '0', ...rest] = text.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  return bits !== undefined && rest.length === 0 && /^\d+$/.test(length) && Number(length) <= bits;
}, 'must be an address or a network such as 10.0.0.0/8');

/** A field of a GraphQL schema as `Type.field`, or all fields of a type as `Type.*`. */
export const fieldCoordinate = z
  .string()
  .regex(/^[_A-Za-z]\w*\.([_A-Za-z]\w*|\*)$/, 'must be a field as Type.field, or Type.*');

/** A file or folder, read as an absolute path: a relative one starts at the project's root, not at the working directory. */
export const path = marked(z.string().min(1), { path: true });

/** A text that is never shown, and whose committed value is refused outside development and test. */
export const secret = (schema: z.ZodString = z.string().min(1)): z.ZodString =>
  marked(schema, { secret: true, developmentOnly: true });

/** A value that may be shown, but whose committed value is refused outside development and test: the public half of a key pair. */
export const developmentOnly = <T extends z.ZodType>(schema: T): T => marked(schema, { developmentOnly: true });

/** A value that is another key's where nobody sets it. */
export const inherited = <T extends z.ZodType>(schema: T, key: string): T =>
  // Of its own: the same schema serves other keys.
  marked(schema.clone() as T, { inherits: key });

/** A section that serves only with these keys, for which the committed files have no answer outside development and test. */
export const needing = <T extends z.ZodType>(section: T, ...keys: string[]): T => marked(section, { needs: keys });

function marked<T extends z.ZodType>(schema: T, mark: Mark): T {
  marks.add(schema, mark);
  return schema;
}
