import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { EmbeddedPostgres } from '@platform/embedded-postgres';
import { contents, GraphQLClient, PlatformProcess, type TestAuthority } from '@platform/testkit';
import pg from 'pg';
import { composeFile } from '../architecture/compose-file.js';
import { SUBGRAPHS } from '../e2e/distributed-platform.js';
import { freePorts } from '../e2e/free-ports.js';

const PROCESSES = [...SUBGRAPHS, 'router', 'router-2'] as const;
const START_MS = 120_000;

interface Surroundings {
  /** .env as an operator fills it in. */
  readonly variables: Record<string, string>;
  readonly redisUrl: string;
  readonly brokers: string;
  readonly mailPort: number;
  /** Whose certificate stands before the blog. */
  readonly authority: TestAuthority;
}

/**
 * The services of docker-compose.yml in production, each a process with the environment that the file gives to it; only addresses are this machine's.
 * PostgreSQL is a server of its own, where `platform` may create roles and is no superuser. The blog is reached by TLS.
 */
export class ProductionPlatform {
  readonly processes = new Map<string, PlatformProcess>();
  /** WebSockets that were opened to the blog by TLS. */
  socketsByTls = 0;

  private constructor(
    private readonly postgres: EmbeddedPostgres,
    private readonly proxy: Server,
    private readonly folder: string,
    readonly ports: Readonly<Record<string, number>>,
    private readonly surroundings: Surroundings,
  ) {}

  /** An empty server, an empty data directory, and nothing started. */
  static async prepare(surroundings: Surroundings): Promise<ProductionPlatform> {
    const folder = await mkdtemp(join(tmpdir(), 'platform-day-'));
    await chmod(folder, 0o755);
    const postgres = new EmbeddedPostgres({ dataDirectory: join(folder, 'server'), durable: false });
    await postgres.start();
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(`CREATE ROLE platform LOGIN CREATEROLE PASSWORD '${surroundings.variables.POSTGRES_PASSWORD}'`);
    await client.query('CREATE DATABASE production OWNER platform');
    await client.end();

    const names = [...PROCESSES, 'blog by TLS'];
    const free = await freePorts(names.length);
    const ports = Object.fromEntries(names.map((name, index) => [name, free[index] as number]));
    const proxy = createServer(contents(surroundings.authority.issue('localhost')), (socket) => {
      socket.once('data', (chunk) => {
        if (/^upgrade: websocket/im.test(chunk.toString('latin1'))) platform.socketsByTls += 1;
      });
      const upstream = connect(ports.blog as number, '127.0.0.1');
      for (const [from, to] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        from.pipe(to).on('error', () => to.destroy());
        from.on('error', () => to.destroy()).on('close', () => to.destroy());
      }
    }).listen(ports['blog by TLS'], '127.0.0.1');
    const platform = new ProductionPlatform(postgres, proxy, folder, ports, surroundings);
    return platform;
  }

  async startAll(): Promise<void> {
    await Promise.all(SUBGRAPHS.map((name) => this.start(name)));
    await Promise.all([this.start('router'), this.start('router-2')]);
  }

  async start(service: string): Promise<void> {
    const command = composeFile(this.surroundings.variables).services[service]?.command ?? [];
    const process = PlatformProcess.start(command, this.environmentOf(service));
    this.processes.set(service, process);
    await process.prints(/Listening on/, START_MS);
  }

  /** Runs a service's command, or another one with its environment, to its end. @throws what it printed */
  async run(service: string, ...args: string[]): Promise<string> {
    const command = composeFile(this.surroundings.variables).services[service]?.command ?? [];
    const { code, printed } = await PlatformProcess.run(args.length > 0 ? args : command, this.environmentOf(service));
    if (code !== 0) throw new Error(`${service} ended with ${code}:\n${printed}`);
    return printed;
  }

  url(service: string): string {
    return `http://127.0.0.1:${this.ports[service]}`;
  }

  client(router = 'router'): GraphQLClient {
    return new GraphQLClient(`${this.url(router)}/graphql`);
  }

  async stopProcesses(): Promise<void> {
    await Promise.all([...this.processes.values()].map((process) => process.end()));
    this.processes.clear();
  }

  async remove(): Promise<void> {
    await this.stopProcesses();
    this.proxy.close();
    await this.postgres.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private environmentOf(service: string): Record<string, string> {
    const { variables, redisUrl, brokers, mailPort, authority } = this.surroundings;
    const given = composeFile(variables).services[service]?.environment ?? {};
    const server = new URL(this.postgres.url).host;
    const routes = Object.fromEntries(SUBGRAPHS.map((name) => [name, `${this.url(name)}/graphql`]));
    const addresses: Record<string, string> = {
      PLATFORM_DATA_DIR: join(this.folder, 'data'),
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: String(this.ports[service] ?? 0),
      DATABASE_URL: given.DATABASE_URL?.replace('postgres:5432/platform', `${server}/production`) ?? '',
      REDIS_URL: redisUrl,
      KAFKA_BROKERS: brokers,
      MAIL_SMTP_HOST: '127.0.0.1',
      MAIL_SMTP_PORT: String(mailPort),
      DISCOVERY_ROUTING_URLS: JSON.stringify({
        ...routes,
        blog: `https://localhost:${this.ports['blog by TLS']}/graphql`,
      }),
    };
    const own = Object.entries(given).map(([name, value]) => [name, addresses[name] ?? value]);
    return {
      ...Object.fromEntries(own),
      DISCOVERY_TLS: JSON.stringify({ blog: { ca: authority.ca.cert } }),
    };
  }
}
