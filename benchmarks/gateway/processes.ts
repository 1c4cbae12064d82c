import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const running = new Set<ChildProcess>();
const pinned = process.platform === 'linux';

interface Command {
  /** Node.js when left out. */
  readonly program?: string;
  readonly args: readonly string[];
  /** The core it runs on, where cores can be chosen. */
  readonly core: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program on a core of its own. */
export function start({ program = process.execPath, args, core, cwd, env }: Command): ChildProcess {
  const [command, ...rest] = [...(pinned ? ['taskset', '-c', String(core)] : []), program, ...args];
  const child = spawn(command as string, rest, {
    cwd,
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.stderr?.on('data', (text: Buffer) => errors.set(child, `${errors.get(child) ?? ''}${text}`.slice(-4_000)));
  child.stdout?.on('data', (text: Buffer) => errors.set(child, `${errors.get(child) ?? ''}${text}`.slice(-4_000)));
  return child;
}

const errors = new WeakMap<ChildProcess, string>();

/** Resolves when something listens; rejects with what the process said when it ends before, or takes longer than a minute. */
export async function listening(child: ChildProcess, port: number): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(100)) {
    if (child.exitCode !== null) break;
    if (await accepts(port)) return;
  }
  throw new Error(`Nothing listens on ${port}:\n${errors.get(child) ?? ''}`);
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Runs to its end; resolves with what it wrote to stdout. */
export function run(command: Command): Promise<string> {
  const child = start(command);
  let output = '';
  child.stdout?.on('data', (text: Buffer) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(errors.get(child)))));
  });
}

export function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** Ends whatever still runs. */
export const stopAll = (): Promise<unknown> => Promise.all([...running].map(stopped));

/** The most memory the process has held, in MB; undefined where /proc is not there. */
export function peakMemory({ pid }: ChildProcess): number | undefined {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes ? Number(kilobytes) / 1024 : undefined;
  } catch {
    return undefined;
  }
}

/** The processor time that the process has used, in ms: what other work on the machine hardly changes. */
export function processorTime({ pid }: ChildProcess): number | undefined {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    return ((user ?? 0) + (system ?? 0)) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** USER_HZ is 100 wherever Node.js runs on Linux. */
const TICK_MS = 10;
