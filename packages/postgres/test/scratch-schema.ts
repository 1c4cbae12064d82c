import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import {
  allTenantsRole,
  Database,
  migrate,
  ownerRole,
  runtimeRole,
  schemaDifferences,
} from '@platform/postgres/database';
import { createTestDatabase, type TestDatabase } from '@platform/testkit';
import pg from 'pg';

type DatabaseEntities = ConstructorParameters<typeof Database>[0]['entities'];

const config = loadConfig(processSections, { environment: 'test' });
const logger = createLogger({ ...config.logging, level: 'silent' });

/** An empty database with migrations of one schema that the test writes. Roles belong to the server, so the schema's name is the test's own. */
export class ScratchSchema {
  readonly name = `scratch_${randomBytes(4).toString('hex')}`;
  readonly metrics = new Metrics();
  private readonly open: Database[] = [];

  private constructor(
    readonly test: TestDatabase,
    private readonly root: string,
    readonly admin: pg.Client,
  ) {}

  static async create(): Promise<ScratchSchema> {
    const test = await createTestDatabase({ template: 'template0' });
    const admin = new pg.Client({ connectionString: test.url });
    await admin.connect();
    return new ScratchSchema(test, await mkdtemp(join(tmpdir(), 'platform-migrations-')), admin);
  }

  /** Writes a migration. `name` is the file's. */
  async write(name: string, sql: string): Promise<void> {
    const folder = join(this.root, 'subgraphs', this.name, 'migrations');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), sql);
  }

  migrate(url = this.test.url): Promise<string[]> {
    const { roleSecret } = config.database;
    return migrate({
      url,
      roleSecret,
      root: this.root,
      schemas: [{ schema: this.name, entities: [] }],
      logger,
    });
  }

  /** What a migration would have to say for the schema to be as the entities are. */
  differences(entities: Parameters<typeof schemaDifferences>[0]['schemas'][number]['entities']): Promise<string[]> {
    const { roleSecret } = config.database;
    const schemas = [{ schema: this.name, entities }];
    return schemaDifferences({ url: this.test.url, roleSecret, root: this.root, schemas, logger });
  }

  /** A pool that works as the schema's runtime role; started by the test, stopped afterwards. */
  database({
    url = this.test.url,
    entities = [],
    strict = false,
    ...settings
  }: Partial<typeof config.database> & {
    url?: string;
    entities?: DatabaseEntities;
    /** Refuses what is sent for no tenant, as in production. */
    strict?: boolean;
  } = {}): Database {
    const database = new Database({
      url,
      config: { ...config.database, ...settings },
      schema: this.name,
      entities,
      logger,
      metrics: this.metrics,
      ...(!strict && { otherwise: { tenantId: null, across: false } }),
    });
    this.open.push(database);
    return database;
  }

  async tables(): Promise<string[]> {
    const { rows } = await this.admin.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename <> 'migrations' ORDER BY 1`,
      [this.name],
    );
    return rows.map(({ name }) => name);
  }

  async remove(): Promise<void> {
    for (const database of this.open) await database.stop();
    await this.admin.query(`DROP SCHEMA IF EXISTS ${this.name} CASCADE`);
    for (const role of [ownerRole(this.name), runtimeRole(this.name), allTenantsRole(this.name)]) {
      const { rowCount } = await this.admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      if (rowCount) await this.admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
    await this.admin.end();
    await this.test.drop();
    await rm(this.root, { recursive: true });
  }
}
