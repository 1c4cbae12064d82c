import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withConnection } from '@platform/postgres/connection';
import { createCluster, superuser } from './cluster.js';
import { newPassword, readCredentials, writeCredentials } from './credentials.js';
import { chooseDataDirectory, type DataDirectory } from './data-directory.js';
import { EmbeddedPostgresFailed } from './errors.js';
import { freePort } from './free-port.js';
import { InstanceLock } from './instance-lock.js';
import { endOrphan, Postmaster } from './postmaster.js';
import { Supervisor } from './supervisor.js';

export interface EmbeddedPostgresOptions {
  /** The platform's data directory; the server keeps to its subfolder `postgres`. */
  readonly dataDirectory: string;
  /** False trades the safety of what is committed for speed: for tests only. Default true. */
  readonly durable?: boolean;
  /** Told, in a sentence, what a person may want to know: another place than expected, an orphan ended, an unexpected end. */
  readonly onNotice?: (message: string) => void;
}

/** The one database that the platform has on the server. */
export const DATABASE = 'platform';
const ATTEMPTS = 3;

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  // Statements of a process that was killed end, too.
  client_connection_check_interval: '10s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Failed statements are the platform's to log: they may hold passwords.
  log_min_messages: 'log',
};
const notDurable = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * A real PostgreSQL server of the platform's own, from an npm package: needs no Docker and no account, runs unprivileged also below root,
 * is started again when it ends, and outlives a killed platform only until the next start.
 */
export class EmbeddedPostgres {
  readonly name = 'postgres';
  private readonly dataDirectory: string;
  private lock?: InstanceLock;
  private supervisor?: Supervisor;
  private connection?: string;
  private starting?: Promise<void>;

  constructor(private readonly options: EmbeddedPostgresOptions) {
    this.dataDirectory = resolve(options.dataDirectory);
  }

  /** The superuser's connection to the database `platform`; known once started. */
  get url(): string {
    if (!this.connection) throw new Error('The embedded PostgreSQL is not running');
    return this.connection;
  }

  /** Throws DataDirectoryInUse while another platform uses the directory, EmbeddedPostgresFailed when the server cannot run. */
  start(): Promise<void> {
    this.starting = this.begin();
    return this.starting;
  }

  /** Also in the middle of a start, which it lets finish first: no server is left behind. */
  async stop(): Promise<void> {
    await this.starting?.catch(() => undefined);
    await this.end();
  }

  private async begin(): Promise<void> {
    try {
      const directory = await chooseDataDirectory(this.dataDirectory);
      this.report(directory);
      const lock = new InstanceLock(directory.home, join(directory.home, 'owner.json'));
      await lock.acquire();
      this.lock = lock;
      await this.launch(directory);
    } catch (error) {
      await this.end();
      throw explained(error);
    }
  }

  private async end(): Promise<void> {
    await this.supervisor?.stop();
    await this.lock?.release();
    this.supervisor = undefined;
    this.connection = undefined;
    this.lock = undefined;
  }

  private async launch(directory: DataDirectory): Promise<void> {
    const durable = this.options.durable ?? true;
    const data = join(directory.home, 'data');
    if (await endOrphan(data)) this.notice('orphaned postgres stopped');
    const password = await this.password(directory, data, durable);

    const settings = { ...serverSettings, ...(durable ? {} : notDurable) };
    const { server, port } = await this.listen(directory, settings);
    this.supervisor = new Supervisor(server, {
      restart: async () => {
        await endOrphan(data);
        return Postmaster.start(directory, port, settings, { again: true });
      },
      onNotice: (message) => this.notice(message),
    });
    await writeCredentials(directory.home, { password, port });
    this.connection = await databaseAt(`postgres://${superuser}:${password}@127.0.0.1:${port}`);
  }

  private async password(directory: DataDirectory, data: string, durable: boolean): Promise<string> {
    const known = await readCredentials(directory.home);
    const exists = existsSync(data);
    if (exists && !known)
      throw new EmbeddedPostgresFailed(`the password of ${data} is lost. Remove ${directory.home} to start afresh.`);
    const { password } = known ?? (await writeCredentials(directory.home, { password: newPassword() }));
    if (!exists) await createCluster(directory, password, durable);
    return password;
  }

  /** Another process may take the port between the look and the start: then the next one. */
  private async listen(
    directory: DataDirectory,
    settings: Readonly<Record<string, string>>,
    attempt = 1,
  ): Promise<{ server: Postmaster; port: number }> {
    const preferred = attempt === 1 ? (await readCredentials(directory.home))?.port : undefined;
    const port = await freePort(preferred);
    try {
      return { server: await Postmaster.start(directory, port, settings), port };
    } catch (error) {
      const taken = error instanceof EmbeddedPostgresFailed && error.message.includes('Address already in use');
      if (!taken || attempt === ATTEMPTS) throw error;
      return this.listen(directory, settings, attempt + 1);
    }
  }

  private report({ moved }: DataDirectory): void {
    if (moved.length > 0) {
      this.notice(
        `An unprivileged user cannot enter ${this.dataDirectory}, so PostgreSQL lives in ${moved.join(' and ')}`,
      );
    }
  }

  private notice(message: string): void {
    this.options.onNotice?.(message);
  }
}

/** Files of another user are the one mistake that people make here. */
export function explained(error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return error;
  const why = `${path ?? 'a file'} is not accessible (${code}). Another user may have started the platform here before.`;
  return new EmbeddedPostgresFailed(why, { cause: error });
}

/** The URL of the platform's database on this server, created when it is missing. */
async function databaseAt(server: string): Promise<string> {
  await withConnection({ connectionString: `${server}/postgres` }, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
  return `${server}/${DATABASE}`;
}
