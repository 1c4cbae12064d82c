import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { subgraphNames } from '@platform/runtime/modules';
import { createTestDatabase, GraphQLClient, PlatformProcess, type TestDatabase } from '@platform/testkit';
import { freePorts } from './free-ports.js';
import { Session } from './session.js';

export const SUBGRAPHS = subgraphNames;
export type ProcessName = 'router' | (typeof SUBGRAPHS)[number];

/** A busy machine starts five processes at a time slowly. */
const PROCESS_START_MS = 90_000;
/** Less than a hook of a test has: nobody would stop what begins after that. */
const START_MS = 170_000;

const ADMIN = { email: 'admin@example.com', password: 'correct horse battery staple' };

/** What is different for single processes. */
interface Setup {
  /** Environment variables of one process. */
  readonly envOf?: (name: ProcessName) => Record<string, string>;
  /** Commands that run between seeding and the start of the processes, each with variables of its own. */
  readonly commands?: readonly { readonly args: readonly string[]; readonly env: Record<string, string> }[];
  /** In ms, until everything has started. */
  readonly timeout?: number;
}

/** The platform as separate processes on an external PostgreSQL and Redis: one per subgraph, and two routers. */
export class DistributedPlatform {
  private readonly processes = new Map<string, PlatformProcess>();
  private readonly runningCommands = new Set<PlatformProcess>();
  private stopped = false;

  private constructor(
    private readonly database: TestDatabase,
    private readonly env: Record<string, string>,
    readonly ports: Readonly<Record<string, number>>,
    readonly directory: string,
    private readonly envOf: (name: ProcessName) => Record<string, string>,
  ) {}

  /** A start that fails, or takes too long, leaves nothing behind. @param also environment variables for every process; with a `DATABASE_URL` among them, that database is migrated first. */
  static async start(
    redisUrl: string,
    also: Record<string, string> = {},
    { envOf = () => ({}), commands = [], timeout = START_MS }: Setup = {},
  ): Promise<DistributedPlatform> {
    const names = [...SUBGRAPHS, 'router', 'second router'];
    const free = await freePorts(names.length);
    const ports = Object.fromEntries(names.map((name, index) => [name, free[index] as number]));
    const database = await createTestDatabase();
    const directory = await mkdtemp(join(tmpdir(), 'platform-distributed-'));
    const routingUrls = Object.fromEntries(SUBGRAPHS.map((name) => [name, `http://127.0.0.1:${ports[name]}/graphql`]));
    const env = {
      PLATFORM_ENV: 'test',
      PLATFORM_DATA_DIR: directory,
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl,
      DISCOVERY_ROUTING_URLS: JSON.stringify(routingUrls),
      SEED_ADMIN_EMAIL: ADMIN.email,
      SEED_ADMIN_PASSWORD: ADMIN.password,
      ROUTER_SUBGRAPH_TIMEOUT: '10s',
      LOGGING_LEVEL: 'info',
      ...also,
    };
    const platform = new DistributedPlatform(database, env, ports, directory, envOf);
    const over = Promise.withResolvers<never>();
    const late = () => over.reject(new Error(`The platform had not started after ${timeout} ms.`));
    const timer = setTimeout(late, timeout);
    try {
      await Promise.race([over.promise, platform.begin('DATABASE_URL' in also, commands)]);
      return platform;
    } catch (error) {
      await platform.stop('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async begin(migrates: boolean, commands: NonNullable<Setup['commands']>): Promise<void> {
    if (migrates) await this.command('migrate');
    await this.command('seed');
    for (const { args, env } of commands) await this.commandAs(env, ...args);
    await Promise.all(SUBGRAPHS.map((name) => this.run(name)));
    await Promise.all([this.run('router'), this.run('router', 'second router')]);
  }

  /** Starts a process, also again after it has ended. */
  async run(name: ProcessName, as: string = name): Promise<void> {
    const own = { ...this.env, ...this.envOf(name), SERVER_PORT: String(this.ports[as]) };
    const process = this.launch(['start', name], own);
    this.processes.set(as, process);
    await process.prints(/Listening on/, PROCESS_START_MS);
  }

  /** Runs a command beside the processes. Answers what it printed. */
  command(...args: string[]): Promise<string> {
    return this.commandAs({}, ...args);
  }

  /** The same, with environment variables of its own. */
  async commandAs(env: Record<string, string>, ...args: string[]): Promise<string> {
    const process = this.launch(args, { ...this.env, ...env });
    this.runningCommands.add(process);
    const code = await process.ended();
    this.runningCommands.delete(process);
    if (code !== 0) throw new Error(process.printed);
    return process.printed;
  }

  private launch(args: readonly string[], env: Record<string, string>): PlatformProcess {
    if (this.stopped) throw new Error('The platform was stopped.');
    return PlatformProcess.start(args, env);
  }

  process(name: string): PlatformProcess {
    const process = this.processes.get(name);
    if (!process) throw new Error(`${name} was never started`);
    return process;
  }

  /** The database of all subgraphs, as a superuser. */
  get databaseUrl(): string {
    return this.env['DATABASE_URL'] as string;
  }

  url(name: string): string {
    return `http://127.0.0.1:${this.ports[name]}`;
  }

  client(name: string): GraphQLClient {
    return new GraphQLClient(`${this.url(name)}/graphql`);
  }

  async signIn(email: string, password: string): Promise<Session> {
    return Session.signIn(this.client('router'), email, password);
  }

  signInAsAdministrator(): Promise<Session> {
    return this.signIn(ADMIN.email, ADMIN.password);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.stopped = true;
    const running = [...this.processes.values(), ...this.runningCommands];
    for (const process of running) process.signal('SIGCONT');
    await Promise.all(running.map((process) => process.end(signal)));
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
