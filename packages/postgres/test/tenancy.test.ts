import { randomUUID } from 'node:crypto';
import type { Database } from '@platform/postgres/database';
import { acrossTenants, withoutTenant, withTenant } from '@platform/postgres/tenancy';
import { recorded } from '@platform/testkit';
import { ScratchSchema } from './scratch-schema.js';

const [A, B] = [randomUUID(), randomUUID()];
const TEXTS = 'SELECT text FROM notes ORDER BY text';
const BY_TEXT = 'SELECT text FROM notes WHERE text = $1';
/** The end of a round trip in PostgreSQL's extended protocol. */
const SYNC = 'S\0\0\0\u0004';

const TABLE = `
  CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
  CREATE TABLE notes (tenant_id uuid NOT NULL DEFAULT current_tenant(), text text UNIQUE);
  ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
  CREATE POLICY own_tenant ON notes USING (tenant_id = (SELECT current_tenant()));`;

describe('the tenant of a statement', () => {
  let schema: ScratchSchema;

  beforeEach(async () => {
    schema = await ScratchSchema.create();
    const all = `CREATE POLICY all_tenants ON notes TO ${schema.name}_all_tenants USING (true);`;
    await schema.write('1700000000001-first.sql', TABLE + all);
    await schema.migrate();
    await schema.admin.query(`INSERT INTO ${schema.name}.notes VALUES ($1, 'of A'), ($2, 'of B')`, [A, B]);
  });
  afterEach(() => schema.remove());

  const opened = async (options: Parameters<ScratchSchema['database']>[0] = {}): Promise<Database> => {
    const database = schema.database({ strict: true, ...options });
    await database.start();
    return database;
  };
  const texts = async ({ read }: Pick<Database, 'read'>): Promise<string[]> =>
    (await read.query(TEXTS)).map(({ text }: { text: string }) => text);

  it('must be known before anything is sent', async () => {
    const database = await opened();
    await expect(database.read.query('SELECT 1')).rejects.toThrow('needs withTenant');
    await expect(database.transaction(async () => {})).rejects.toThrow('needs withTenant');
    await expect(database.check()).resolves.toBeUndefined();
  });

  it('is the one of the code that sends it, and holds for it alone', async () => {
    const database = await opened({ poolMax: 1 });
    expect(await withTenant(A, () => texts(database))).toEqual(['of A']);
    expect(await withoutTenant(() => texts(database))).toEqual([]);
    expect(await withTenant(B, () => texts(database))).toEqual(['of B']);
    expect(await acrossTenants(() => texts(database))).toEqual(['of A', 'of B']);
    expect(await withoutTenant(() => texts(database))).toEqual([]);
  });

  it('holds for all of a transaction, and not beyond', async () => {
    const database = await opened({ poolMax: 1 });
    await withTenant(A, () =>
      database.transaction(async (tx) => {
        await tx.query(`INSERT INTO notes (text) VALUES ('more of A')`);
        expect(await texts({ read: tx })).toEqual(['more of A', 'of A']);
        await expect(withTenant(B, () => tx.query(TEXTS))).rejects.toThrow('acts for one tenant');
      }),
    );
    expect(await withoutTenant(() => texts(database))).toEqual([]);
    expect(await withTenant(B, () => texts(database))).toEqual(['of B']);
  });

  it('is nobody’s but a UUID', () => {
    expect(() => withTenant(`'; DROP TABLE notes; --`, () => {})).toThrow(TypeError);
  });

  it('refuses rows of another tenant', async () => {
    const database = await opened();
    const stolen = withTenant(A, () => database.read.query('INSERT INTO notes VALUES ($1, $2)', [B, 'stolen']));
    await expect(stolen).rejects.toThrow('row-level security');
    const [, changed] = await withTenant(A, () =>
      database.read.query(`UPDATE notes SET text = 'mine' WHERE text = 'of B'`),
    );
    expect(changed).toBe(0);
  });

  it('costs no round trip', async () => {
    const way = await recorded(schema.test.url);
    try {
      const database = await opened({ url: way.url });
      const trips = () => way.statements().split(SYNC).length - 1;
      const before = trips();
      for (let time = 0; time < 10; time += 1) await withTenant(A, () => database.read.query(BY_TEXT, ['of A']));
      expect(trips() - before).toBe(10);

      await withTenant(A, () => database.transaction((tx) => tx.query(TEXTS)));
      expect(trips() - before).toBe(10);
      expect(way.statements()).toMatch(/START TRANSACTION; SET LOCAL app\.tenant_id = '[-0-9a-f]+'\0/);
    } finally {
      way.close();
    }
  });

  it.each([0, 100])(
    'never mixes up those of statements that run at once, with %s prepared statements',
    async (preparedStatements) => {
      const database = await opened({ poolMax: 3, preparedStatements });
      const reads = Array.from({ length: 1_000 }, (_, number) => {
        const own = number % 2 === 0 ? A : B;
        return withTenant(own, async () => {
          if (number % 7 === 0) return database.transaction((tx) => tx.query(BY_TEXT, ['of A']));
          if (number % 11 === 0) await expect(database.read.query('SELECT 1 / $1::int', [0])).rejects.toThrow('zero');
          return database.read.query(BY_TEXT, ['of A']);
        }).then((rows) => [own, rows.length]);
      });
      const wrong = (await Promise.all(reads)).filter(([own, rows]) => rows !== (own === A ? 1 : 0));
      expect(wrong).toEqual([]);
    },
  );

  it('leaves nothing on a connection where statements are not prepared, as behind a pooler', async () => {
    const database = await opened({ poolMax: 1, preparedStatements: 0 });
    for (let time = 0; time < 10; time += 1) await withTenant(A, () => database.read.query(BY_TEXT, ['of A']));
    const left = `SELECT (SELECT count(*)::int FROM pg_prepared_statements) AS statements, current_setting('app.tenant_id') AS tenant`;
    expect(await withoutTenant(() => database.read.query(left))).toEqual([{ statements: 0, tenant: '' }]);
  });

  it('goes on after statements that fail, whether they are prepared or not', async () => {
    const database = await opened({ poolMax: 1 });
    const missing = 'SELECT * FROM missing WHERE id = $1';
    await withTenant(A, async () => {
      for (let time = 0; time < 8; time += 1)
        await expect(database.read.query(missing, [1])).rejects.toThrow('missing');
      for (let time = 0; time < 8; time += 1) await database.read.query('SELECT 2 / $1::int', [1]);
      await expect(database.read.query('SELECT 2 / $1::int', [0])).rejects.toThrow('zero');
      await schema.admin.query(
        `CREATE TABLE ${schema.name}.missing (id int); GRANT SELECT ON ${schema.name}.missing TO PUBLIC`,
      );
      expect(await database.read.query(missing, [1])).toEqual([]);
      expect(await database.read.query('SELECT 2 / $1::int AS two', [1])).toEqual([{ two: 2 }]);
      expect(await texts(database)).toEqual(['of A']);
    });
  });

  it('is that of a connection of its own as well', async () => {
    const database = await opened();
    for (const [scope, visible] of [
      [<T>(work: () => T) => withTenant(A, work), ['of A']],
      [acrossTenants, ['of A', 'of B']],
      [withoutTenant, []],
    ] as const) {
      const client = await scope(() => database.connect());
      expect((await client.query(TEXTS)).rows.map(({ text }) => text)).toEqual(visible);
      await client.end();
    }
  });
});
