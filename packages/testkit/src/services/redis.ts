import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { take } from './environment.js';
import { freePort } from './free-port.js';
import type { RunningService } from './running-service.js';
import { whenGone } from './watchdog.js';

const run = promisify(execFile);
const READY_MS = 10_000;
const POLL_MS = 20;

/** The Redis of REDIS_URL, else the machine's `redis-server`, else one in Docker, else none. */
export async function startRedis(): Promise<RunningService | undefined> {
  const url = take('REDIS_URL');
  if (url) return { url, stop: async () => {} };
  return (await startBinary()) ?? (await startContainer());
}

async function startBinary(): Promise<RunningService | undefined> {
  const port = await freePort();
  const flags = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--databases',
    '64',
  ];
  const server = spawn('redis-server', [...flags, '--dir', tmpdir()], { detached: true, stdio: 'ignore' });
  if (server.pid === undefined) {
    await once(server, 'error');
    return undefined;
  }
  server.unref();
  const watchdog = whenGone('kill "$1"', String(server.pid));
  await untilReady(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      const ended = once(server, 'exit');
      server.ref();
      server.kill('SIGTERM');
      await ended;
      watchdog.release();
    },
  };
}

async function startContainer(): Promise<RunningService | undefined> {
  const options = ['--detach', '--rm', '--publish', '127.0.0.1::6379', 'redis:7-alpine'];
  const started = await run('docker', ['run', ...options], { timeout: 60_000 }).catch(() => undefined);
  const container = started?.stdout.trim();
  if (!container) return undefined;

  const watchdog = whenGone('docker rm --force "$1"', container);
  const { stdout } = await run('docker', ['port', container, '6379']);
  const port = Number(stdout.trim().split(':').at(-1));
  await untilReady(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      await run('docker', ['rm', '--force', container]);
      watchdog.release();
    },
  };
}

async function untilReady(port: number): Promise<void> {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await delay(POLL_MS))
    if (await answers(port)) return;
  throw new Error(`Redis on port ${port} was not ready after ${READY_MS / 1000} s`);
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply.toString().startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
