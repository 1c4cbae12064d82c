import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, GraphQLClient, PlatformProcess, type TestDatabase } from '@platform/testkit';
import { freePorts } from './free-ports.js';
import { Session } from './session.js';

export const SUBGRAPHS = ['identity', 'authz', 'audit', 'blog'] as const;
export type ProcessName = 'router' | (typeof SUBGRAPHS)[number];

/** A busy machine starts five processes at a time slowly. */
const START_MS = 90_000;

const ADMIN = { email: 'admin@example.com', password: 'correct horse battery staple' };

/** What is different for single processes. */
interface Setup {
  /** Environment variables of one process. */
  readonly envOf?: (name: ProcessName) => Record<string, string>;
  /** Commands that run between seeding and the start of the processes, each with variables of its own. */
  readonly commands?: readonly { readonly args: readonly string[]; readonly env: Record<string, string> }[];
}

/** The platform as separate processes on an external PostgreSQL and Redis: one per subgraph, and two routers. */
export class DistributedPlatform {
  private readonly processes = new Map<string, PlatformProcess>();

  private constructor(
    private readonly database: TestDatabase,
    private readonly env: Record<string, string>,
    readonly ports: Readonly<Record<string, number>>,
    readonly directory: string,
    private readonly envOf: (name: ProcessName) => Record<string, string>,
  ) {}

  /** @param also environment variables for every process; with a `DATABASE_URL` among them, that database is migrated first. */
  static async start(
    redisUrl: string,
    also: Record<string, string> = {},
    { envOf = () => ({}), commands = [] }: Setup = {},
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
    if (also['DATABASE_URL']) await platform.command('migrate');
    await platform.command('seed');
    for (const { args, env: own } of commands) {
      const { code, printed } = await PlatformProcess.run(args, { ...env, ...own });
      if (code !== 0) throw new Error(printed);
    }
    await Promise.all(SUBGRAPHS.map((name) => platform.run(name)));
    await Promise.all([platform.run('router'), platform.run('router', 'second router')]);
    return platform;
  }

  /** Starts a process, also again after it has ended. */
  async run(name: ProcessName, as: string = name): Promise<void> {
    const own = { ...this.env, ...this.envOf(name), SERVER_PORT: String(this.ports[as]) };
    const process = PlatformProcess.start(['start', name], own);
    this.processes.set(as, process);
    await process.prints(/Listening on/, START_MS);
  }

  /** Runs a command beside the processes. Answers what it printed. */
  command(...args: string[]): Promise<string> {
    return this.commandAs({}, ...args);
  }

  /** The same, with environment variables of its own. */
  async commandAs(env: Record<string, string>, ...args: string[]): Promise<string> {
    const { code, printed } = await PlatformProcess.run(args, { ...this.env, ...env });
    if (code !== 0) throw new Error(printed);
    return printed;
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

  async stop(): Promise<void> {
    for (const process of this.processes.values()) process.signal('SIGCONT');
    await Promise.all([...this.processes.values()].map((process) => process.end()));
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
