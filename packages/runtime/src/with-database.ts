import { randomBytes } from 'node:crypto';
import { DataDirectoryInUse, EmbeddedPostgres, runningServerUrl } from '@platform/embedded-postgres';
import type { ProcessConfig } from '@platform/foundation/config';
import { withConnection } from '@platform/postgres/connection';

/** Gives `work` the URL of the platform's database. Where none is configured it is the embedded one: that of the running platform, or one that runs for just as long. */
export async function withDatabase<T>(config: ProcessConfig, work: (url: string) => Promise<T>): Promise<T> {
  if (config.database.url !== null) return work(config.database.url);
  const postgres = new EmbeddedPostgres({ dataDirectory: config.platform.dataDir });
  try {
    await postgres.start();
  } catch (error) {
    if (!(error instanceof DataDirectoryInUse)) throw error;
    return work(await runningServerUrl(config.platform.dataDir));
  }
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop();
  }
}

/** Gives `work` an empty database on the same server, which is gone afterwards. */
export async function withScratchDatabase<T>(url: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `scratch_${randomBytes(6).toString('hex')}`;
  return withConnection({ connectionString: url }, async (client) => {
    await client.query(`CREATE DATABASE ${name}`);
    const scratch = new URL(url);
    scratch.pathname = `/${name}`;
    try {
      return await work(scratch.href);
    } finally {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  });
}
