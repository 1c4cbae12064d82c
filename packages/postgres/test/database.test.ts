import { loadConfig, processSections } from '@platform/foundation/config';
import {
  DatabaseUnavailable,
  isUniqueViolation,
  MigrationFailed,
  MisnamedMigration,
  rolePassword,
  runtimeRole,
  scramVerifier,
} from '@platform/postgres/database';
import { eventually, recorded, ServiceProxy } from '@platform/testkit';
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { ScratchSchema } from './scratch-schema.js';

const FIRST = '1700000000001-first.sql';
const SECOND = '1700000000002-second.sql';

let schema: ScratchSchema;

beforeEach(async () => {
  schema = await ScratchSchema.create();
});
afterEach(async () => {
  await schema.remove();
});

describe('migrate', () => {
  it('runs what is pending in order, and nothing the second time', async () => {
    await schema.write(SECOND, 'CREATE TABLE second (id int REFERENCES first)');
    await schema.write(FIRST, 'CREATE TABLE first (id int PRIMARY KEY)');

    const ran = [`${schema.name}: first-1700000000001`, `${schema.name}: second-1700000000002`];
    expect(await schema.migrate()).toEqual(ran);
    expect(await schema.tables()).toEqual(['first', 'second']);
    expect(await schema.migrate()).toEqual([]);
  });

  it('sends no password of a role in its statements, and the role signs in with it', async () => {
    await schema.write(FIRST, 'CREATE TABLE first (id int)');
    const { statements, close, url } = await recorded(schema.test.url);
    await schema.migrate(url);
    close();

    const password = rolePassword(
      loadConfig(processSections, { environment: 'test' }).database.roleSecret as string,
      runtimeRole(schema.name),
    );
    expect(statements()).toContain(`ALTER ROLE ${runtimeRole(schema.name)} PASSWORD 'SCRAM-SHA-256$`);
    expect(statements()).not.toContain(password);
    const [{ kept }] = (
      await schema.admin.query('SELECT rolpassword AS kept FROM pg_authid WHERE rolname = $1', [
        runtimeRole(schema.name),
      ])
    ).rows;
    const [, salt] = /^SCRAM-SHA-256\$4096:([^$]+)\$/.exec(kept) ?? [];
    expect(scramVerifier(password, Buffer.from(salt as string, 'base64'))).toBe(kept);
    const database = schema.database();
    await database.start();
    expect(await database.read.query('SELECT current_user AS role')).toEqual([{ role: runtimeRole(schema.name) }]);
  });

  it('lets only one of several at a time do the work', async () => {
    await schema.write(FIRST, 'CREATE TABLE first (id int); SELECT pg_sleep(0.2)');
    await schema.write(SECOND, 'CREATE TABLE second (id int)');

    const ran = await Promise.all([schema.migrate(), schema.migrate(), schema.migrate()]);

    expect(ran.map((names) => names.length).sort()).toEqual([0, 0, 2]);
  });

  it('takes a failing migration back alone, names its file, and goes on from there once it is mended', async () => {
    await schema.write(FIRST, 'CREATE TABLE first (id int)');
    await schema.write(SECOND, 'CREATE TABLE second (id int); SELECT nonsense');

    const failure = await schema.migrate().catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(MigrationFailed);
    expect((failure as Error).message).toMatch(
      new RegExp(`/${schema.name}/migrations/${SECOND}: column "nonsense" does not exist`),
    );
    expect(await schema.tables()).toEqual(['first']);

    await schema.write(SECOND, 'CREATE TABLE second (id int)');
    expect(await schema.migrate()).toEqual([`${schema.name}: second-1700000000002`]);
  });

  it.each(['first.sql', '20240101-first.sql', '1700000000001_first.sql', '1700000000001-First.sql'])(
    'refuses a file named %s and runs nothing',
    async (name) => {
      await schema.write(FIRST, 'CREATE TABLE first (id int)');
      await schema.write(name, 'CREATE TABLE other (id int)');

      const failure = await schema.migrate().catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(MisnamedMigration);
      expect((failure as Error).message).toContain(name);
      expect(await schema.tables()).toEqual([]);
    },
  );

  it('needs no superuser: a login that may create roles and owns the database is enough, as managed servers give it', async () => {
    const admin = `${schema.name}_admin`;
    const { pathname } = new URL(schema.test.url);
    await schema.admin.query(`CREATE ROLE ${admin} LOGIN CREATEROLE CREATEDB PASSWORD 'managed'`);
    try {
      await schema.admin.query(`ALTER DATABASE ${pathname.slice(1)} OWNER TO ${admin}`);
      await schema.write(FIRST, 'CREATE TABLE first (id int)');
      const url = new URL(schema.test.url);
      url.username = admin;
      url.password = 'managed';

      expect(await schema.migrate(url.href)).toHaveLength(1);
      expect(await schema.migrate(url.href)).toEqual([]);

      const database = schema.database();
      await database.start();
      await database.read.query('INSERT INTO first VALUES (7)');
      expect(await database.read.query('SELECT id FROM first')).toEqual([{ id: 7 }]);
    } finally {
      await schema.admin.query(`ALTER DATABASE ${pathname.slice(1)} OWNER TO CURRENT_USER`);
      await schema.admin.query(`REASSIGN OWNED BY ${admin} TO CURRENT_USER; DROP OWNED BY ${admin} CASCADE`);
      await schema.admin.query(`DROP ROLE ${admin}`);
    }
  });
});

describe('the comparison of entities with migrations', () => {
  const note = (columns: Record<string, EntitySchemaColumnOptions>) =>
    new EntitySchema({
      name: 'notes',
      columns: { id: { type: 'int', primary: true, primaryKeyConstraintName: 'notes_pkey' }, ...columns },
    });

  beforeEach(async () => {
    await schema.write(FIRST, 'CREATE TABLE notes (id int PRIMARY KEY, text text NOT NULL)');
    await schema.migrate();
  });

  it('finds nothing when they agree', async () => {
    expect(await schema.differences([note({ text: { type: 'text' } })])).toEqual([]);
  });

  it.each([
    ['a column is missing', { text: { type: 'text' }, more: { type: 'int' } }, /ADD "more" integer NOT NULL/],
    ['a column is left over', {}, /DROP COLUMN "text"/],
    ['one allows null and the other does not', { text: { type: 'text', nullable: true } }, /"text" DROP NOT NULL/],
  ] as const)('finds that %s', async (_what, columns, statement) => {
    expect(await schema.differences([note(columns)])).toEqual([expect.stringMatching(statement)]);
  });
});

describe('a schema’s runtime role', () => {
  const run = async (statement: string): Promise<unknown> => {
    const database = schema.database();
    await database.start();
    return database.read.query(statement);
  };
  const refused = (statement: string) =>
    expect(run(statement)).rejects.toMatchObject({ driverError: { code: '42501' } });

  beforeEach(async () => {
    await schema.write(FIRST, 'CREATE TABLE notes (id int PRIMARY KEY, text text)');
    await schema.migrate();
  });

  it('reads and writes its own tables', async () => {
    await run(`INSERT INTO notes VALUES (1, 'mine')`);
    await run(`UPDATE notes SET text = 'changed'`);
    expect(await run('SELECT * FROM notes')).toEqual([{ id: 1, text: 'changed' }]);
    await run('DELETE FROM notes');
  });

  it('owns nothing', async () => {
    const { rows } = await schema.admin.query(
      'SELECT relname FROM pg_class WHERE relowner = $1::regrole UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = $1::regrole',
      [runtimeRole(schema.name)],
    );
    expect(rows).toEqual([]);
  });

  it.each([
    'CREATE TABLE more (id int)',
    'CREATE TABLE public.more (id int)',
    'ALTER TABLE notes ADD COLUMN more int',
    'DROP TABLE notes',
    'TRUNCATE notes',
    'CREATE SCHEMA mine',
    'CREATE ROLE another',
  ])('cannot %s', async (statement) => {
    await refused(statement);
  });

  it('cannot become the owner', async () => {
    await refused(`SET ROLE ${schema.name}_owner`);
  });

  it.each(['SELECT * FROM other.notes', 'INSERT INTO other.notes VALUES (1)', 'DELETE FROM other.notes'])(
    'cannot %s of another schema, though it shares the database',
    async (statement) => {
      await schema.admin.query('CREATE SCHEMA other; CREATE TABLE other.notes (id int)');
      await refused(statement);
    },
  );

  it('does not outlast its statement timeout', async () => {
    const database = schema.database({ statementTimeout: 100 });
    await database.start();
    await expect(database.read.query('SELECT pg_sleep(20)')).rejects.toMatchObject({ driverError: { code: '57014' } });
    expect(await database.read.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('tells a broken unique constraint by its name', async () => {
    await run(`INSERT INTO notes VALUES (1, 'one')`);
    const error = await run(`INSERT INTO notes VALUES (1, 'again')`).catch((failure: unknown) => failure);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, 'notes_pkey')).toBe(true);
    expect(isUniqueViolation(error, 'another')).toBe(false);
  });
});

describe('a database that is away', () => {
  beforeEach(async () => {
    await schema.write(FIRST, 'CREATE TABLE notes (id int)');
    await schema.migrate();
  });

  it('is waited for at the start', async () => {
    const proxy = new ServiceProxy(new URL(schema.test.url));
    const url = await proxy.start();
    proxy.cut();
    const database = schema.database({ url, startTimeout: 20_000 });
    const started = database.start();
    await expect(database.check()).rejects.toThrow();
    proxy.open();

    await started;

    expect(await database.read.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await database.stop();
    proxy.stop();
  });

  it('ends the start with its address when it does not come', async () => {
    const proxy = new ServiceProxy(new URL(schema.test.url));
    const url = await proxy.start();
    proxy.stop();

    const failure = await schema
      .database({ url, startTimeout: 600 })
      .start()
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    const { host, pathname } = new URL(url);
    expect((failure as Error).message).toBe(
      `The database ${pathname.slice(1)} at ${host} cannot be used as ${runtimeRole(schema.name)}: connect ECONNREFUSED ${host}`,
    );
  });

  it('is not waited for when it answers and refuses: that does not pass', async () => {
    await schema.admin.query(`ALTER ROLE ${runtimeRole(schema.name)} NOLOGIN`);
    await expect(schema.database({ startTimeout: 3_600_000 }).start()).rejects.toThrow('is not permitted to log in');

    const nowhere = new URL(schema.test.url);
    nowhere.pathname = '/nowhere';
    await expect(schema.migrate(nowhere.href)).rejects.toThrow(DatabaseUnavailable);
  });

  it('for a moment costs its connections and nothing else', async () => {
    const database = schema.database({ poolMax: 3 });
    await database.start();
    await Promise.all([1, 2, 3].map(() => database.read.query('SELECT pg_sleep(0.05)')));

    const { rowCount } = await schema.admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [`platform ${schema.name}`],
    );

    expect(rowCount).toBe(3);
    await eventually(async () => expect(await database.read.query('SELECT 1 AS one')).toEqual([{ one: 1 }]));
    await expect(database.check()).resolves.toBeUndefined();
  });
});

describe('the metrics of a database', () => {
  it('are its pool and the duration of its statements', async () => {
    const database = schema.database();
    await schema.write(FIRST, 'CREATE TABLE notes (id int)');
    await schema.migrate();
    await database.start();
    await database.read.query('SELECT id FROM notes');

    const text = await schema.metrics.registry.metrics();

    expect(text).toContain(
      `db_client_operation_duration_seconds_count{db_namespace="${schema.name}",db_operation_name="select"}`,
    );
    expect(text).toContain(
      `db_client_connection_count{db_client_connection_pool_name="${schema.name}",db_client_connection_state="idle"} 1`,
    );
    expect(text).toContain(`db_client_connection_pending_requests{db_client_connection_pool_name="${schema.name}"} 0`);
  });
});
