import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@platform/embedded-postgres';
import { take } from './environment.js';
import type { RunningService } from './running-service.js';
import { whenGone } from './watchdog.js';

/** The PostgreSQL of DATABASE_URL, else a server of this run's own that dies with it. */
export async function startPostgres(): Promise<RunningService> {
  const url = take('DATABASE_URL');
  return url ? { url, stop: async () => {} } : startEmbedded();
}

/** Ends the server if it still runs and removes its data, wherever it had to go ($1/postgres/location). */
const sweep = `
  elsewhere=$(cat "$1/postgres/location" 2>/dev/null)
  for home in "$1/postgres" "$elsewhere"; do
    read -r pid < "$home/data/postmaster.pid" && kill -QUIT "$pid"
  done
  rm -rf "$1" "$elsewhere"`;

async function startEmbedded(): Promise<RunningService> {
  const directory = await mkdtemp(join(tmpdir(), 'platform-test-'));
  await chmod(directory, 0o755);
  const watchdog = whenGone(sweep, directory);
  const postgres = new EmbeddedPostgres({ dataDirectory: directory, durable: false });
  await postgres.start();
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      watchdog.release();
    },
  };
}
