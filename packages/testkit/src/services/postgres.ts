import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@platform/kernel/database/embedded';
import { take } from './environment.js';
import type { RunningService } from './running-service.js';
import { whenGone } from './watchdog.js';

/** The PostgreSQL of DATABASE_URL, else a server of this run's own that dies with it. */
export async function startPostgres(): Promise<RunningService> {
  const url = take('DATABASE_URL');
  return url ? { url, stop: async () => {} } : startEmbedded();
}

async function startEmbedded(): Promise<RunningService> {
  const directory = await mkdtemp(join(tmpdir(), 'platform-test-'));
  await chmod(directory, 0o755);
  const watchdog = whenGone('kill -QUIT "$(head -n 1 "$1/postgres/data/postmaster.pid")"; rm -rf "$1"', directory);
  const postgres = new EmbeddedPostgres({ dataDirectory: directory, durable: false, onNotice: console.warn });
  await postgres.start();
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
      watchdog.release();
    },
  };
}
