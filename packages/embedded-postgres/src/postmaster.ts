import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serverEnvironment } from './cluster.js';
import type { DataDirectory } from './data-directory.js';
import { EmbeddedPostgresFailed } from './errors.js';
import { commandLine } from './process-identity.js';
import type { ServerUser } from './server-user.js';

const POLL_MS = 20;
const START_MS = 60_000;

/** Asked to end so; the next is used when the one before did not end it in its time (ms). Fast, immediate, by force. */
const endings = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 2_000],
] as const;

/** The running server of one data directory. */
export class Postmaster {
  private constructor(
    private readonly process: ChildProcess,
    private readonly data: string,
  ) {}

  /**
   * Starts the server on a loopback port and answers once it accepts connections (crash recovery included).
   * @param again keeps the log of the run before, which says why it ended.
   */
  static async start(
    directory: DataDirectory,
    port: number,
    settings: Readonly<Record<string, string>>,
    { again = false } = {},
  ): Promise<Postmaster> {
    const data = join(directory.home, 'data');
    const logFile = join(directory.home, 'server.log');
    const log = await openLog(logFile, directory.user, again ? 'a' : 'w');
    try {
      // Detached: a terminal's Ctrl-C must reach the platform, which ends the server last.
      const child = spawn(
        join(directory.binaries, 'bin', 'postgres'),
        ['-D', data, '-p', String(port), ...flags(settings)],
        {
          ...directory.user,
          cwd: directory.home,
          env: serverEnvironment,
          detached: true,
          stdio: ['ignore', log.fd, log.fd],
        },
      );
      if (child.pid === undefined) {
        const [cause] = (await once(child, 'error')) as [Error];
        throw new EmbeddedPostgresFailed(cause.message, { cause });
      }
      await untilReady(child, data, logFile);
      child.unref();
      return new Postmaster(child, data);
    } finally {
      await log.close();
    }
  }

  /** Fast shutdown: open transactions are rolled back, everything committed is kept. Bounded. */
  async stop(): Promise<void> {
    const { process } = this;
    if (process.exitCode !== null || process.signalCode !== null) return;
    await end(process.pid as number, () => process.exitCode === null && process.signalCode === null);
  }

  /** Called when the server ends without having been asked to. */
  onUnexpectedEnd(report: (message: string) => void): void {
    this.process.once('exit', (code, signal) =>
      report(`PostgreSQL on ${this.data} ended (${signal ?? `code ${code}`})`),
    );
  }
}

/** Ends the server that a killed platform left behind on this data directory. Answers whether there was one. */
export async function endOrphan(data: string): Promise<boolean> {
  const { pid } = await readPidFile(data);
  if (!pid) return false;
  const command = commandLine(pid);
  if (command === undefined) return false;
  if (command.includes(data)) {
    await end(pid, () => commandLine(pid)?.includes(data) ?? false);
    return true;
  }
  // The server was killed as well and its number is another process's by now: PostgreSQL would take that for its rival.
  await rm(join(data, 'postmaster.pid'), { force: true });
  return false;
}

async function end(pid: number, alive: () => boolean): Promise<void> {
  for (const [signal, patience] of endings) {
    if (!alive()) return;
    process.kill(pid, signal);
    for (const deadline = performance.now() + patience; performance.now() < deadline; await delay(POLL_MS))
      if (!alive()) return;
  }
}

async function untilReady(child: ChildProcess, data: string, logFile: string): Promise<void> {
  for (const deadline = performance.now() + START_MS; performance.now() < deadline; await delay(POLL_MS)) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new EmbeddedPostgresFailed((await readFile(logFile, 'utf8')).trim().split('\n').slice(-10).join('\n'));
    }
    const { pid, status } = await readPidFile(data);
    if (pid === child.pid && status === 'ready') return;
  }
  child.kill('SIGQUIT');
  throw new EmbeddedPostgresFailed(`it was not ready after ${START_MS / 1000} s; see ${logFile}`);
}

/** postmaster.pid, by PostgreSQL's own layout: line 1 the process, line 8 what it is doing. */
async function readPidFile(data: string): Promise<{ pid?: number; status?: string }> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  return { pid: Number(lines[0]) || undefined, status: lines[7]?.trim() };
}

async function openLog(file: string, { uid, gid }: ServerUser, flag: 'a' | 'w'): Promise<FileHandle> {
  const log = await open(file, flag, 0o600);
  if (uid !== undefined && gid !== undefined) await log.chown(uid, gid);
  return log;
}

const flags = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
