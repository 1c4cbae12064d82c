import { setTimeout as wait } from 'node:timers/promises';
import { withConnection } from '@platform/postgres/connection';
import { superuser } from './cluster.js';
import { readCredentials } from './credentials.js';
import { chooseDataDirectory } from './data-directory.js';
import { DATABASE, explained } from './embedded-postgres.js';
import { EmbeddedPostgresFailed } from './errors.js';

const PATIENCE = 15_000;
const PAUSE = 100;

/**
 * The superuser's connection to the database of a server that another process runs for this data directory, as its owner may read there.
 * Waits for a server that is about to start. @throws EmbeddedPostgresFailed when there is none, or it is somebody else's.
 */
export async function runningServerUrl(dataDirectory: string): Promise<string> {
  try {
    const { home } = await chooseDataDirectory(dataDirectory);
    for (const deadline = performance.now() + PATIENCE; ; await wait(PAUSE)) {
      const { password, port } = (await readCredentials(home)) ?? {};
      const url = `postgres://${superuser}:${password}@127.0.0.1:${port}/${DATABASE}`;
      if (password && port && (await answers(url))) return url;
      if (performance.now() > deadline)
        throw new EmbeddedPostgresFailed('the one that another process runs does not answer.');
    }
  } catch (error) {
    throw explained(error);
  }
}

async function answers(connectionString: string): Promise<boolean> {
  try {
    await withConnection({ connectionString, connectionTimeoutMillis: PATIENCE }, async () => {});
    return true;
  } catch {
    return false;
  }
}
