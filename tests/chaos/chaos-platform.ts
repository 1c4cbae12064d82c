import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@platform/embedded-postgres';
import { eventually, GraphQLClient, KafkaBroker, PlatformProcess, ServiceProxy } from '@platform/testkit';
import pg from 'pg';
import { freePorts } from '../e2e/free-ports.js';
import { Session } from '../e2e/session.js';

const LEDGER = join(import.meta.dirname, 'ledger-consumer.ts');
const ADMIN = { email: 'admin@example.com', password: 'correct horse battery staple' };

/** The processes under test. Subgraphs that send or receive much are there twice: instances share a relay's work and a group's events. */
const PROCESSES = ['identity', 'authz', 'audit', 'blog', 'audit 2', 'blog 2', 'ledger', 'ledger 2'] as const;
export type ChaosProcess = (typeof PROCESSES)[number];

/** The platform as separate processes, with a broker and a PostgreSQL of its own that can be taken away. */
export class ChaosPlatform {
  private readonly processes = new Map<string, PlatformProcess>();
  private absorbedByTheGone = 0;

  private constructor(
    readonly broker: KafkaBroker,
    private readonly postgres: EmbeddedPostgres,
    private readonly proxy: ServiceProxy,
    private readonly env: Record<string, string>,
    private readonly ports: Readonly<Record<string, number>>,
    private readonly directory: string,
  ) {}

  static async start(redisUrl: string): Promise<ChaosPlatform> {
    const broker = await KafkaBroker.create();
    await broker.start();
    const directory = await mkdtemp(join(tmpdir(), 'platform-chaos-'));
    await chmod(directory, 0o755);
    const postgres = new EmbeddedPostgres({ dataDirectory: directory });
    await postgres.start();
    const proxy = new ServiceProxy(new URL(postgres.url));
    const names = [...PROCESSES, 'router'];
    const free = await freePorts(names.length);
    const ports = Object.fromEntries(names.map((name, index) => [name, free[index] as number]));
    const url = (name: string): string => `http://127.0.0.1:${ports[name]}/graphql`;
    const urls = ['identity', 'authz', 'audit', 'blog'].map((name) => [name, url(name)]);
    const instances = ['audit', 'blog'].map((name) => [name, { urls: [url(name), url(`${name} 2`)] }]);
    const env = {
      PLATFORM_ENV: 'test',
      PLATFORM_DATA_DIR: join(directory, 'platform'),
      DATABASE_URL: await proxy.start(),
      DATABASE_POOL_MAX: '10',
      REDIS_URL: redisUrl,
      KAFKA_BROKERS: broker.brokers,
      DISCOVERY_ROUTING_URLS: JSON.stringify(Object.fromEntries(urls)),
      DISCOVERY_INSTANCES: JSON.stringify(Object.fromEntries(instances)),
      EVENTS_RELAY_LOCK_TIMEOUT: '3s',
      SEED_ADMIN_EMAIL: ADMIN.email,
      SEED_ADMIN_PASSWORD: ADMIN.password,
      LOGGING_LEVEL: 'error',
    };
    const platform = new ChaosPlatform(broker, postgres, proxy, env, ports, directory);
    try {
      await platform.begin();
      return platform;
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  get names(): readonly ChaosProcess[] {
    return PROCESSES;
  }

  /** Starts the process, also again after it has gone. Does not wait for it. */
  run(name: ChaosProcess): void {
    const [program] = name.split(' ') as [string];
    if (program === 'ledger') this.processes.set(name, PlatformProcess.script(LEDGER, this.env));
    else this.launch(name, ['start', program]);
  }

  async kill(name: ChaosProcess): Promise<void> {
    this.absorbedByTheGone += await this.absorbedBy(name);
    await this.process(name).end('SIGKILL');
  }

  signal(name: ChaosProcess, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.process(name).signal(signal);
  }

  async restartPostgres(): Promise<void> {
    await this.postgres.stop();
    await this.postgres.start();
    this.proxy.lead(new URL(this.postgres.url));
  }

  async signIn(): Promise<Session> {
    const client = new GraphQLClient(`http://127.0.0.1:${this.ports['router']}/graphql`);
    return Session.signIn(client, ADMIN.email, ADMIN.password);
  }

  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  async sql(text: string): Promise<any[]> {
    const client = new pg.Client({ connectionString: this.postgres.url });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Deliveries that the inboxes absorbed, at least: what a process counted last before it was killed, and what the others count now. */
  async absorbed(): Promise<number> {
    const now = await Promise.all(PROCESSES.map((name) => this.absorbedBy(name)));
    return now.reduce((sum, count) => sum + count, this.absorbedByTheGone);
  }

  async stop(): Promise<void> {
    for (const process of this.processes.values()) process.signal('SIGCONT');
    await Promise.all([...this.processes.values()].map((process) => process.end('SIGKILL')));
    this.proxy.stop();
    await this.postgres.stop();
    this.broker.signal('SIGCONT');
    await this.broker.remove();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async begin(): Promise<void> {
    const seed = await PlatformProcess.run(['seed'], this.env);
    if (seed.code !== 0) throw new Error(seed.printed);
    await this.sql(
      `CREATE TABLE blog.chaos_effects (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid, aggregate text);
       GRANT INSERT ON blog.chaos_effects TO blog_app`,
    );
    for (const name of PROCESSES) this.run(name);
    this.launch('router', ['start', 'router']);
    await eventually(() => this.signIn(), { timeout: 240_000, interval: 500 });
  }

  private launch(name: string, args: string[]): void {
    this.processes.set(name, PlatformProcess.start(args, { ...this.env, SERVER_PORT: String(this.ports[name]) }));
  }

  private process(name: string): PlatformProcess {
    const process = this.processes.get(name);
    if (!process) throw new Error(`${name} was never started`);
    return process;
  }

  private async absorbedBy(name: ChaosProcess): Promise<number> {
    if (name.startsWith('ledger'))
      return Number(
        this.process(name)
          .printed.match(/absorbed (\d+)/g)
          ?.at(-1)
          ?.slice(9) ?? 0,
      );
    try {
      const answer = await fetch(`http://127.0.0.1:${this.ports[name]}/metrics`, {
        signal: AbortSignal.timeout(1_000),
      });
      const counts = (await answer.text()).matchAll(/^platform_events_deduplicated_total\{.*\} (\d+)$/gm);
      return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
    } catch {
      return 0;
    }
  }
}
