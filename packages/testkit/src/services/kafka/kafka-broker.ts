import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.js';
import { whenGone } from '../watchdog.js';
import { kafkaJars } from './kafka-jars.js';
import { type Guard, guardCredentials, logging, serverProperties } from './server-properties.js';

const run = promisify(execFile);
const READY_MS = 60_000;
const POLL_MS = 50;
const LOG = 'broker.log';

interface BrokerOptions {
  readonly port?: number;
  readonly guard?: Guard;
  readonly properties?: string;
}

/** A real Kafka broker in KRaft mode on loopback, with data of its own. It can be killed, halted and started again, at the same address. */
export class KafkaBroker {
  private server: ChildProcess | undefined;
  private watchdog: ReturnType<typeof whenGone> | undefined;

  private constructor(
    private readonly java: readonly string[],
    private readonly directory: string,
    private readonly port: number,
    private readonly guardedPort: number | undefined,
  ) {}

  /** Fetches the jars where they are missing, and prepares the broker's folder. `properties` stand for those of a test's broker, with a listener on `port`. */
  static async create({ port, guard, properties }: BrokerOptions = {}): Promise<KafkaBroker> {
    const jars = await kafkaJars();
    const directory = await mkdtemp(join(tmpdir(), 'platform-kafka-'));
    whenGone('rm -rf "$1"', directory);
    const own = port ?? (await freePort());
    await writeFile(join(directory, 'log4j2.yaml'), logging);
    const guardedPort = guard && (await freePort());
    const plain = serverProperties({
      port: own,
      controllerPort: await freePort(),
      directory: join(directory, 'data'),
      guard: guard && guardedPort ? { ...guard, port: guardedPort } : undefined,
    });
    await writeFile(join(directory, 'server.properties'), properties ?? plain);
    const small = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const java = [...small, `-Dlog4j2.configurationFile=${join(directory, 'log4j2.yaml')}`, '-cp', join(jars, '*')];
    const cluster = randomBytes(16).toString('base64url');
    const named = [`--cluster-id=${cluster}`, '-c', 'server.properties'];
    const quorum = properties?.includes('controller.quorum.voters=') ? [] : ['--standalone'];
    const format = ['kafka.tools.StorageTool', 'format', ...quorum, ...named];
    await run('java', [...java, ...format, ...(guard ? guardCredentials(guard) : [])], { cwd: directory });
    return new KafkaBroker(java, directory, own, guardedPort);
  }

  /** As KAFKA_BROKERS has it. */
  get brokers(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The same for the guarded door. */
  get guardedBrokers(): string {
    return `localhost:${this.guardedPort}`;
  }

  /** Resolves when the broker takes connections. */
  async start(): Promise<void> {
    const log = openSync(join(this.directory, LOG), 'a');
    const server = spawn('java', [...this.java, 'kafka.Kafka', 'server.properties'], {
      cwd: this.directory,
      detached: true,
      stdio: ['ignore', log, log],
    });
    if (server.pid === undefined) await once(server, 'error');
    server.unref();
    this.server = server;
    this.watchdog = whenGone('kill -9 "$1" 2>/dev/null', String(server.pid));
    await this.untilReady(server);
  }

  /** Ends the broker: SIGTERM lets it close its files, SIGKILL is a crash. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server && server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.ref();
      server.kill(signal);
      await ended;
    }
    this.watchdog?.release();
  }

  /** Halts or continues the process. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.server?.kill(signal);
  }

  /** Ends the broker and removes its data. */
  async remove(): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.directory, { recursive: true, force: true });
  }

  private async untilReady(server: ChildProcess): Promise<void> {
    for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await delay(POLL_MS)) {
      if (await accepts(this.port)) return;
      if (server.exitCode !== null) break;
    }
    throw new Error(`Kafka did not start:\n${await readFile(join(this.directory, LOG), 'utf8')}`);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
