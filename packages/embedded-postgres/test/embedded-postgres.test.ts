import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataDirectoryInUse, EmbeddedPostgres, runningServerUrl } from '@platform/embedded-postgres';
import { eventually } from '@platform/testkit';
import pg from 'pg';

describe('the embedded PostgreSQL', () => {
  let dataDirectory: string;
  let notices: string[];
  let started: { stop(): Promise<void> }[];

  beforeEach(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'platform-embedded-'));
    await chmod(dataDirectory, 0o755);
    notices = [];
    started = [];
  });

  afterEach(async () => {
    for (const part of started) await part.stop();
    await rm(dataDirectory, { recursive: true });
  });

  async function startPostgres({ durable = false } = {}): Promise<EmbeddedPostgres> {
    const postgres = new EmbeddedPostgres({
      dataDirectory,
      durable,
      onNotice: (notice) => notices.push(notice),
    });
    started.push(postgres);
    await postgres.start();
    return postgres;
  }

  it('answers on loopback, in UTF-8, to its password only', async () => {
    const { url } = await startPostgres();

    expect(await ask(url, `SELECT lower('ÄÖÉ') AS answer`)).toBe('äöé');
    expect(await ask(url, `SELECT current_setting('listen_addresses') AS answer`)).toBe('127.0.0.1');
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1 AS answer')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps its data, its password and its port from one start to the next', async () => {
    const first = await startPostgres();
    const { url } = first;
    await ask(url, `CREATE TABLE kept AS SELECT 'yes' AS answer`);
    await first.stop();
    await expect(ask(url, 'SELECT 1 AS answer')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    const second = await startPostgres();

    expect(second.url).toBe(url);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toBe('yes');
  });

  it('lives where its user can reach it: for root below a closed directory elsewhere, and says where', async () => {
    await chmod(dataDirectory, 0o700);

    const { url } = await startPostgres();

    const home = String(await ask(url, `SELECT current_setting('data_directory') AS answer`)).replace(/\/data$/, '');
    const isRoot = process.getuid?.() === 0;
    if (isRoot) started.push({ stop: () => rm(home, { recursive: true }) });
    expect(home.startsWith(dataDirectory)).toBe(!isRoot);
    expect(notices.some((notice) => notice.includes(home))).toBe(isRoot);
  });

  it('is started again where it was, when it is killed, with what was committed', async () => {
    const { url } = await startPostgres({ durable: true });
    const pid = `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS answer`;
    const runs = () => notices.filter((notice) => notice === 'postgres restarted');
    for (const time of [1, 2]) {
      await ask(url, `CREATE TABLE kept_${time} AS SELECT 1 AS answer`);
      process.kill(Number(await ask(url, pid)), 'SIGKILL');
      await eventually(() => expect(runs()).toHaveLength(time));
      expect(await ask(url, `SELECT answer FROM kept_${time}`)).toBe(1);
    }
    expect(notices.length).toBeLessThan(20);
  });

  it('refuses a second platform on the same data', async () => {
    const { url } = await startPostgres();
    const second = new EmbeddedPostgres({ dataDirectory });

    await expect(second.start()).rejects.toThrow(DataDirectoryInUse);
    await expect(second.start()).rejects.toThrow(`process ${process.pid}`);
    expect(await ask(url, 'SELECT 1 AS answer')).toBe(1);
  });

  it('lets another process connect to the running server, whose credentials its owner alone can read', async () => {
    const owner = await startPlatform(dataDirectory);
    started.push({ stop: () => kill(owner.process) });
    await ask(owner.url, `CREATE TABLE kept AS SELECT 'yes' AS answer`);

    expect(await ask(await runningServerUrl(dataDirectory), 'SELECT answer FROM kept')).toBe('yes');
    const { mode } = await stat(join(dataDirectory, 'postgres', 'credentials.json'));
    expect(mode & 0o077).toBe(0);
  });

  it('refuses while another process is the platform, and takes over what it leaves when it is killed', async () => {
    const owner = await startPlatform(dataDirectory);
    started.push({ stop: () => kill(owner.process) });
    await ask(owner.url, `CREATE TABLE kept AS SELECT 'yes' AS answer`);
    await expect(startPostgres()).rejects.toThrow(`process ${owner.process.pid}`);

    await kill(owner.process);
    expect(await ask(owner.url, 'SELECT answer FROM kept')).toBe('yes');
    const successor = await startPostgres();

    expect(notices).toContain('orphaned postgres stopped');
    expect(await ask(successor.url, 'SELECT answer FROM kept')).toBe('yes');
  });
});

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(sql);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

/** A platform process that does nothing but hold its PostgreSQL. */
async function startPlatform(dataDirectory: string): Promise<{ process: ChildProcess; url: string }> {
  const face = pathToFileURL(join(import.meta.dirname, '../dist/index.js')).href;
  const program = `
    import { EmbeddedPostgres } from ${JSON.stringify(face)};
    const postgres = new EmbeddedPostgres({ dataDirectory: ${JSON.stringify(dataDirectory)}, durable: false });
    await postgres.start();
    setInterval(() => {}, 60_000);
    console.log(postgres.url);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, url: url.toString().trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
