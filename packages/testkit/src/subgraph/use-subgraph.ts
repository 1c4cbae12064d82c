import {
  anonymousCaller,
  type Caller,
  CallerTokenSigner,
  MemoryRevocationVersions,
  serviceCaller,
  userCaller,
} from '@platform/auth';
import { type CloudEvent, type EventDefinition, InProcessBus } from '@platform/events';
import { type Config, loadConfig, processSections, type Sections } from '@platform/foundation/config';
import { ErrorBus } from '@platform/foundation/errors';
import { Health } from '@platform/foundation/health';
import { createHttpServer } from '@platform/foundation/http';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { ownConnection } from '@platform/postgres/connection';
import { MemoryCache } from '@platform/redis/cache';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { assembleSubgraph, type Subgraph, type SubgraphDefinition } from '@platform/subgraph-server/subgraph';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../services/index.js';
import { SubgraphClient } from './subgraph-client.js';
import { TestClock } from './test-clock.js';
import { TestMailer } from './test-mailer.js';

// biome-ignore lint/suspicious/noExplicitAny: a definition gives and takes its own loaders; nobody else sees them
type DefinitionOf<S extends Sections> = SubgraphDefinition<S, any>;

interface HarnessOptions {
  /** `key=value` pairs over config/test.yaml. */
  readonly set?: string[];
  /** What other subgraphs answer; calling one that is not here fails as if it were away. */
  readonly endpoints?: Record<string, SubgraphEndpoint>;
  /** Another instance, started before and stopped after this one, whose database both work on. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
  readonly beside?: SubgraphHarness<any>;
  /** One bus for several subgraphs, so that each handles the others' events. */
  readonly bus?: InProcessBus;
  /** False where only calls are to be worked on. */
  readonly background?: boolean;
}

interface HttpRequest {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly payload?: Buffer;
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
  readonly bytes: Buffer;
}

/** A subgraph under test: its real schema and access rules on a real, migrated PostgreSQL of its own. */
export class SubgraphHarness<S extends Sections> {
  readonly clock = new TestClock();
  readonly mailer = new TestMailer();
  readonly revocations = new MemoryRevocationVersions();
  readonly bus: InProcessBus;
  readonly errors = new ErrorBus();
  readonly metrics = new Metrics();
  readonly health = new Health();
  /** Errors that were masked, that is: mistakes of ours. */
  readonly unexpected: unknown[] = [];
  config!: Config<typeof processSections & S>;
  private database!: TestDatabase;
  private admin!: pg.Client;
  private subgraph!: Subgraph;
  private tokens!: CallerTokenSigner;

  constructor(
    private readonly definition: DefinitionOf<S>,
    private readonly options: HarnessOptions = {},
  ) {
    this.bus = options.bus ?? new InProcessBus();
  }

  async start(): Promise<void> {
    this.config = loadConfig(
      { ...processSections, ...this.definition.sections },
      { environment: 'test', set: this.options.set },
    ) as typeof this.config;
    this.errors.addSink(({ error }) => void this.unexpected.push(error));
    const { beside } = this.options;
    this.database = beside ? { url: beside.databaseUrl, drop: async () => {} } : await createTestDatabase();
    this.admin = await ownConnection({ connectionString: this.database.url });
    const config = this.config as never as Config<typeof processSections>;
    this.tokens = new CallerTokenSigner(config.callerToken.privateKey, config.callerToken.lifetime);
    this.subgraph = await assembleSubgraph(this.definition, {
      config,
      databaseUrl: this.database.url,
      logger: createLogger(config.logging),
      metrics: this.metrics,
      health: this.health,
      errors: this.errors,
      cache: new MemoryCache(),
      revocations: this.revocations,
      bus: this.bus,
      clock: this.clock,
      mailer: this.mailer,
      background: this.options.background,
      endpoint: (name) => this.options.endpoints?.[name] ?? unreachable(name),
    });
    await this.subgraph.part.start?.();
  }

  async stop(): Promise<void> {
    await this.subgraph?.part.stop?.();
    await this.admin?.end();
    await this.database?.drop();
  }

  /** Calls as the given caller. */
  as(caller: Caller, headers: Record<string, string> = {}): SubgraphClient {
    return new SubgraphClient(this.definition.name, this.subgraph.server, this.tokens, caller, headers);
  }

  /** Calls as a signed-in user with exactly these permissions. */
  asUser(userId: string, permissions: readonly string[] = [], sessionId: string | null = null): SubgraphClient {
    return this.as(userCaller(userId, sessionId, this.tenantId, permissions));
  }

  /** The same in another tenant than the platform's own. */
  asUserOf(tenantId: string, userId: string, permissions: readonly string[] = []): SubgraphClient {
    return this.as(userCaller(userId, null, tenantId, permissions));
  }

  /** Calls without signing in, with the permissions of a guest. */
  asAnonymous(permissions: readonly string[] = []): SubgraphClient {
    return this.as(anonymousCaller(this.tenantId, permissions));
  }

  /** Calls as one of the platform's processes. */
  asService(service: string, permissions: readonly string[] = []): SubgraphClient {
    return this.as(serviceCaller(service, this.tenantId, permissions));
  }

  get endpoint(): SubgraphEndpoint {
    return this.subgraph.server;
  }

  /** What its process serves beside GraphQL, such as `/ready`, asked as over HTTP. */
  get(url: string): Promise<HttpAnswer> {
    return this.send({ method: 'GET', url });
  }

  /** The same, with another method, headers or a body. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const { config, metrics } = this;
    const logger = createLogger(config.logging);
    const { app } = createHttpServer({ config: config.server, port: 0, logger, metrics, health: this.health });
    this.subgraph.routes(app);
    const { statusCode, headers, body, rawPayload } = await app.inject(request);
    return { status: statusCode, headers, body, bytes: rawPayload };
  }

  get typeDefs(): string {
    return this.subgraph.typeDefs;
  }

  /** Every event that the subgraph has committed, oldest first, sent or not. */
  async outbox(): Promise<CloudEvent<Record<string, unknown>>[]> {
    const rows = await this.sql('SELECT envelope FROM outbox ORDER BY position');
    return rows.map(({ envelope }) => envelope);
  }

  /** Gives the subgraph's handlers an event of another subgraph, as the bus would; resolves when its effects are committed. */
  async deliver<Data>(
    definition: EventDefinition<Data>,
    event: Partial<CloudEvent> & { subject: string; data: Data },
  ): Promise<void> {
    await this.bus.publish([
      {
        specversion: '1.0',
        id: crypto.randomUUID(),
        source: '/test',
        type: definition.type,
        time: this.clock.now().toISOString(),
        datacontenttype: 'application/json',
        dataschema: `${definition.type}/v${definition.version}`,
        tenantid: this.tenantId,
        resource: definition.resource,
        outcome: definition.outcome,
        ...event,
      },
    ]);
  }

  /** Runs SQL in the subgraph's schema as the database's administrator, who sees the rows of every tenant. New ones belong to the platform's own. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  async sql(statement: string, parameters: unknown[] = []): Promise<any[]> {
    await this.admin.query(`SET search_path TO ${this.definition.name}; SET app.tenant_id TO '${this.tenantId}'`);
    const { rows } = await this.admin.query(statement, parameters);
    return rows;
  }

  /** The test database, signed in as its administrator. */
  get databaseUrl(): string {
    return this.database.url;
  }

  /** The platform's own tenant. */
  get tenantId(): string {
    return (this.config as never as Config<typeof processSections>).platform.tenantId;
  }
}

const unreachable = (name: string): SubgraphEndpoint => ({
  execute: () => Promise.reject(new Error(`The subgraph ${name} is not part of this test`)),
});

/** Starts the subgraph before the file's tests and stops it after them. Call it at the top of a `describe`. */
export function useSubgraph<S extends Sections>(
  definition: DefinitionOf<S>,
  options?: HarnessOptions,
): SubgraphHarness<S> {
  const harness = new SubgraphHarness(definition, options);
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());
  return harness;
}
