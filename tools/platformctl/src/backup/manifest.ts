import { OperatorError } from '@platform/foundation/errors';
import type { SavedSchema } from '@platform/postgres/backup';
import { z } from 'zod';

/** The archive's first words about itself. */
export const MANIFEST = 'manifest.json';
/** The last file: a checksum for each of the others, as `sha256sum --check` reads them. */
export const CHECKSUMS = 'SHA256SUMS';
/** A line of it. */
export const checksumLine = (hash: string, file: string): string => `${hash}  ${file}\n`;

/** Below it lie the files of the data directory. */
export const FILES = 'files/';
/** Below it lie rows: `database/<schema>/<table>/<number>`. */
export const ROWS = 'database/';

/** Grows when older versions could not read what newer ones write. */
export const FORMAT = 1;

const name = z.string().regex(/^[a-z][a-z0-9_]*$/);

const schema: z.ZodType<SavedSchema> = z.strictObject({
  name,
  migrations: z.array(z.string()),
  tables: z.array(z.strictObject({ name, columns: z.array(name), partitions: z.array(name) })),
  sequences: z.record(name, z.string().regex(/^\d+$/)),
});

const manifest = z.strictObject({
  format: z.literal(FORMAT),
  platform: z.string(),
  madeAt: z.iso.datetime(),
  schemas: z.array(schema),
});

/** What a backup says of itself. */
export type Manifest = z.output<typeof manifest>;

/** The archive is damaged, incomplete, or of another program. */
export class UnusableBackup extends OperatorError {
  constructor(file: string, why: string) {
    super(`${file} cannot be restored: ${why}`);
  }
}

/** @throws UnusableBackup */
export function parseManifest(file: string, text: string): Manifest {
  try {
    return manifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new UnusableBackup(file, `its ${MANIFEST} is not one of this version (${(cause as Error).message})`);
  }
}
