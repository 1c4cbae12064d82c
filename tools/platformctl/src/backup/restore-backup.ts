import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ProcessConfig } from '@platform/foundation/config';
import { OperatorError } from '@platform/foundation/errors';
import type { Logger } from '@platform/foundation/logging';
import { loadSchemas, presentSchemas, type SavedTable, type TarEntry } from '@platform/postgres/backup';
import { migrate, migrationNames } from '@platform/postgres/database';
import { migrateByHand, migrationOptions } from '@platform/runtime/migrations';
import { dataFiles } from './data-files.js';
import { EarlierState } from './earlier-state.js';
import { whileInterruptible } from './interruption.js';
import { FILES, type Manifest, ROWS, UnusableBackup } from './manifest.js';
import { entriesOf } from './read-backup.js';

/** Something is there already, and nobody has said that it may go. */
export class NotEmpty extends OperatorError {
  constructor(what: string) {
    super(`${what}: restoring would replace it. Choose an empty database and data directory, or say --replace.`);
  }
}

interface RestoreTarget {
  readonly url: string;
  readonly config: ProcessConfig;
  readonly logger: Logger;
  /** What is there may go. */
  readonly replace: boolean;
}

/**
 * Puts the backup into an empty database and data directory and migrates it to this version, or changes nothing: what was there is set aside
 * until then, and comes back when anything fails. @throws UnusableBackup, NotEmpty, DatabaseInUse, Interrupted
 */
export async function restoreBackup(file: string, manifest: Manifest, target: RestoreTarget): Promise<void> {
  const { url, config, logger, replace } = target;
  const { dataDir } = config.platform;
  const options = migrationOptions(url, config, logger);
  const names = options.schemas.map(({ schema }) => schema);
  refuseUnknown(file, manifest, names);

  const earlier = new EarlierState(url, names, dataDir);
  await earlier.bringBack();
  const present = await presentSchemas(url, names);
  if (present.length > 0 && !replace) throw new NotEmpty(`The database has the schemas ${present.join(', ')}`);
  const files = await dataFiles(dataDir);
  if (files.length > 0 && !replace) throw new NotEmpty(`${dataDir} has files such as ${files[0]}`);

  await whileInterruptible((interrupted) =>
    earlier.replacedBy(async () => {
      const only = new Map(names.map((name) => [name, new Set(savedSchema(manifest, name)?.migrations ?? [])]));
      await migrate({ ...options, only });
      await loadSchemas(url, manifest.schemas, (load) => unpack(file, manifest, dataDir, load, interrupted));
      await migrateByHand(url, config, logger);
      interrupted.throwIfAborted();
    }),
  );
}

const savedSchema = ({ schemas }: Manifest, name: string) => schemas.find((schema) => schema.name === name);

function refuseUnknown(file: string, { schemas, platform }: Manifest, names: readonly string[]): void {
  for (const { name, migrations } of schemas) {
    if (!names.includes(name)) throw new UnusableBackup(file, `this platform has no subgraph ${name}`);
    const known = new Set(migrationNames(name));
    const unknown = migrations.find((migration) => !known.has(migration));
    if (unknown) {
      throw new UnusableBackup(file, `it was made by version ${platform}, which has the migration ${name}: ${unknown}`);
    }
  }
}

type Load = (schema: string, table: SavedTable, rows: AsyncIterable<Buffer>) => Promise<void>;

async function unpack(
  file: string,
  manifest: Manifest,
  dataDir: string,
  load: Load,
  interrupted: AbortSignal,
): Promise<void> {
  const entries = entriesOf(file);
  let entry = await next(entries);
  while (entry) {
    interrupted.throwIfAborted();
    if (entry.name.startsWith(FILES)) await unpackFile(file, dataDir, entry);
    if (!entry.name.startsWith(ROWS)) {
      for await (const _ of entry.body);
      entry = await next(entries);
      continue;
    }
    const table = tableOf(entry.name);
    const portions = new Portions(entries, entry, table, interrupted);
    const [schema = '', name = ''] = table.slice(ROWS.length).split('/');
    const saved = savedSchema(manifest, schema)?.tables.find((each) => each.name === name);
    if (!saved) throw new UnusableBackup(file, `it does not say what ${schema}.${name} is`);
    await load(schema, saved, portions.rows());
    entry = portions.following;
  }
}

/** The rows of a table, from all of its portions, and what comes after them. */
class Portions {
  following: TarEntry | undefined;

  constructor(
    private readonly entries: AsyncGenerator<TarEntry>,
    first: TarEntry,
    private readonly table: string,
    private readonly interrupted: AbortSignal,
  ) {
    this.following = first;
  }

  async *rows(): AsyncGenerator<Buffer> {
    while (this.following && tableOf(this.following.name) === this.table) {
      this.interrupted.throwIfAborted();
      yield* this.following.body;
      this.following = await next(this.entries);
    }
  }
}

const tableOf = (name: string): string => name.slice(0, name.lastIndexOf('/'));

const next = async (entries: AsyncGenerator<TarEntry>): Promise<TarEntry | undefined> => (await entries.next()).value;

async function unpackFile(file: string, dataDir: string, { name, body }: TarEntry): Promise<void> {
  const path = join(dataDir, name.slice(FILES.length));
  if (!path.startsWith(dataDir + sep)) throw new UnusableBackup(file, `${name} leads out of the data directory`);
  await mkdir(dirname(path), { recursive: true });
  await pipeline(body, createWriteStream(path, { mode: 0o600, flush: true }));
}
