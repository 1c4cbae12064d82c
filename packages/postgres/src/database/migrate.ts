import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { OperatorError } from '@platform/foundation/errors';
import type { Logger } from '@platform/foundation/logging';
import { retry } from '@platform/foundation/retry';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { ownConnection } from '../connection/own-connection.js';
import { connectWithRetry } from './connect-with-retry.js';
import { silentLog } from './query-log.js';
import { allTenantsRole, ownerRole, rolePassword, runtimeRole } from './roles.js';
import { scramVerifier } from './scram-verifier.js';
import { type Migration, sqlMigrations } from './sql-migration.js';

/** What is migrated: a schema, and the entities that describe it (for the comparison). */
export interface MigratedSchema {
  readonly schema: string;
  readonly entities: NonNullable<ConstructorParameters<typeof DataSource>[0]['entities']>;
}

/** Migrating sets the passwords of all roles; one of them is not enough for it. */
export class RoleSecretMissing extends OperatorError {
  constructor() {
    super('database.roleSecret: is required to migrate; set DATABASE_ROLE_SECRET');
  }
}

interface MigrationOptions {
  /** A login that may create roles and schemas. */
  readonly url: string;
  /** From which the roles' passwords are derived. */
  readonly roleSecret: string | null;
  /** How long, in ms, to wait for a server that is not up yet; not at all by default. */
  readonly startTimeout?: number;
  /** The folder that holds `migrations` (of every schema) and `subgraphs/<schema>/migrations`; the project by default. */
  readonly root?: string;
  /** In dependency order. */
  readonly schemas: readonly MigratedSchema[];
  /** By schema, the names of the migrations that may run; all of them by default. */
  readonly only?: ReadonlyMap<string, ReadonlySet<string>>;
  readonly logger: Logger;
}

/** Any number would do; it only has to be the same in every process. */
const ADVISORY_LOCK = 4_701_985;

/** Roles belong to the whole server: another database's migration may be changing them at this moment. */
const ROLE_RETRIES = { maxAttempts: 5, initialDelay: 50 };

/** Creates roles and schemas and runs what is pending, one process at a time, each migration in its own transaction. Answers the names of those that ran. @throws RoleSecretMissing, DatabaseUnavailable, MisnamedMigration, MigrationFailed */
export async function migrate(options: MigrationOptions): Promise<string[]> {
  const { roleSecret } = options;
  if (roleSecret === null) throw new RoleSecretMissing();
  const lock = await connectWithRetry(options.url, options, () =>
    ownConnection({ connectionString: options.url, application_name: 'platform migrate' }),
  );
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await lock.query(LEAKPROOF);
    const ran: string[] = [];
    for (const { schema } of options.schemas) {
      await retry(() => prepareSchema(lock, schema, roleSecret), ROLE_RETRIES);
      const names = await withSource(options, { schema, entities: [] }, async (source) => {
        const migrations = await source.runMigrations({ transaction: 'each' });
        return migrations.map(({ name }) => `${schema}: ${name}`);
      });
      for (const name of names) options.logger.info({ migration: name }, 'migration applied');
      ran.push(...names);
    }
    return ran;
  } finally {
    await lock.end();
  }
}

/** The statements that would make the migrated schemas equal to their entities; none when migrations and entities agree. */
export async function schemaDifferences(options: MigrationOptions): Promise<string[]> {
  const differences: string[] = [];
  for (const migrated of options.schemas) {
    await withSource(options, migrated, async (source) => {
      oneByOne(source);
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      differences.push(...upQueries.map(({ query }) => `${migrated.schema}: ${query}`));
    });
  }
  return differences;
}

/** The schema builder asks about several columns at once on one connection, which pg warns of: there, each statement waits for the one before. */
function oneByOne({ driver }: DataSource): void {
  const create = driver.createQueryRunner.bind(driver);
  driver.createQueryRunner = (mode) => {
    const runner = create(mode);
    const query = runner.query.bind(runner) as (...statement: unknown[]) => Promise<unknown>;
    let last: Promise<unknown> = Promise.resolve();
    const inTurn = (...statement: unknown[]): Promise<unknown> => {
      const asked = last.then(() => query(...statement));
      last = asked.catch(() => {});
      return asked;
    };
    return Object.assign(runner, { query: inTurn });
  };
}

async function prepareSchema(client: pg.Client, schema: string, roleSecret: string): Promise<void> {
  const owner = ownerRole(schema);
  const runtime = runtimeRole(schema);
  const allTenants = allTenantsRole(schema);
  const verifier = scramVerifier(rolePassword(roleSecret, runtime));
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${owner}') THEN CREATE ROLE ${owner} NOLOGIN; END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${runtime}') THEN CREATE ROLE ${runtime} LOGIN; END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${allTenants}') THEN CREATE ROLE ${allTenants} NOLOGIN; END IF;
      IF NOT pg_has_role(current_user, '${owner}', ${MAY_SET_ROLE}) THEN GRANT ${owner} TO CURRENT_USER; END IF;
    END $$;
    ALTER ROLE ${runtime} PASSWORD '${verifier}';
    -- It is the role for all tenants only where it says so.
    ALTER ROLE ${runtime} NOINHERIT;
    GRANT ${allTenants} TO ${runtime};
    CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner};
    GRANT USAGE ON SCHEMA ${schema} TO ${runtime}, ${allTenants};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${schema}
      GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${runtime}, ${allTenants};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${schema} GRANT USAGE ON SEQUENCES TO ${runtime}, ${allTenants};
  `);
}

/**
 * Under a policy an index serves only operators that are said to tell nothing of rows but their result. Of arrays that is true where it is true of
 * their elements, as of text; PostgreSQL lets a superuser alone say so. Elsewhere such lists are read in their order instead (docs/operations.md).
 */
const LEAKPROOF = `DO $$ BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    AND NOT (SELECT proleakproof FROM pg_proc WHERE oid = 'arraycontains(anyarray, anyarray)'::regprocedure) THEN
    ALTER FUNCTION pg_catalog.arraycontains(anyarray, anyarray) LEAKPROOF;
  END IF;
END $$`;

/** PostgreSQL 16 made membership and the right to act as a role two things. */
const MAY_SET_ROLE = `CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END`;

async function withSource<T>(
  { url, root, only }: MigrationOptions,
  { schema, entities }: MigratedSchema,
  work: (source: DataSource) => Promise<T>,
): Promise<T> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    entities,
    migrations: migrationsOf(schema, root).filter((each) => only?.get(schema)?.has(new each().name) ?? true),
    migrationsTableName: 'migrations',
    logger: silentLog,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    extra: { max: 2, options: `-c role=${ownerRole(schema)} -c search_path=${schema}` },
  });
  await source.initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

/** The names of a schema's migrations, in no particular order. @param root as in the options of `migrate`. @throws MisnamedMigration */
export const migrationNames = (schema: string, root?: string): string[] =>
  migrationsOf(schema, root).map((each) => new each().name);

const migrationsOf = (schema: string, root = projectRoot()): Migration[] =>
  [join(root, 'migrations'), join(root, 'subgraphs', schema, 'migrations')].flatMap(sqlMigrations);
