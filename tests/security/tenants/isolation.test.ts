import { audit } from '@platform/audit';
import { authz } from '@platform/authz';
import { blog } from '@platform/blog';
import { identity } from '@platform/identity';
import { allTenantsRole, runtimeRole, runtimeUrl } from '@platform/postgres/database';
import { useSubgraph } from '@platform/testkit';
import pg from 'pg';
import { auditRowsOf } from './rows-of-audit.js';
import { authzRowsOf } from './rows-of-authz.js';
import { blogRowsOf } from './rows-of-blog.js';
import { identityRowsOf } from './rows-of-identity.js';
import { type CatalogTable, catalogOf, faultOf, type Harness, platformTables } from './tables.js';

const OTHER = '01900000-0000-7000-8000-00000000000b';
const COLUMNS = `SELECT quote_ident(attname) AS column FROM pg_attribute
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`;
const PRIVILEGES = `
  SELECT c.relname || ' ' || privilege_type AS privilege FROM pg_class c, aclexplode(c.relacl)
    WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND grantee = $2::regrole
  UNION ALL SELECT c.relname || '.' || attname || ' ' || privilege_type FROM pg_class c JOIN pg_attribute ON attrelid = c.oid, aclexplode(attacl)
    WHERE relnamespace = $1::regnamespace AND grantee = $2::regrole ORDER BY 1`;

const subgraphs = [
  { definition: blog, rowsOf: blogRowsOf },
  { definition: authz, rowsOf: authzRowsOf },
  { definition: identity, rowsOf: identityRowsOf },
  { definition: audit, rowsOf: auditRowsOf },
];

describe.each(subgraphs)(
  'the tables of $definition.name',
  ({ definition: { name: schema, ...definition }, rowsOf }) => {
    let client: pg.Client;
    afterAll(() => client?.end());
    const harness: Harness = useSubgraph({ name: schema, ...definition } as never);
    let own: string;
    let tables: CatalogTable[];

    beforeAll(async () => {
      own = harness.tenantId;
      await rowsOf(harness, own, 'ants');
      await rowsOf(harness, OTHER, 'bees');
      const catalog = await catalogOf(harness, schema);
      tables = catalog.filter(({ name }) => platformTables(schema)[name] === undefined);
      client = new pg.Client({
        connectionString: runtimeUrl(harness.databaseUrl, harness.config.database, schema),
        options: `-c search_path=${schema}`,
      });
      await client.connect();
    });

    /** What the work did is taken back. */
    async function acting<T>(tenantId: string | undefined, work: (client: pg.Client) => Promise<T>): Promise<T> {
      await client.query('BEGIN');
      try {
        if (tenantId !== undefined) await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
        return await work(client);
      } finally {
        await client.query('ROLLBACK');
      }
    }
    const refusalOf = (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'nothing',
        ({ code }) => code,
      );
    const FORBIDDEN = ['42501'];

    it('are each isolated by a policy that is forced, or listed as the platform’s with the reason', async () => {
      const faults = (await catalogOf(harness, schema)).flatMap((table) => faultOf(table, schema) ?? []);
      expect(faults).toEqual([]);
      expect(tables.length).toBeGreaterThan(0);
    });

    it('are noticed when a policy is missing, or another than that', async () => {
      await harness.sql('CREATE TABLE forgotten (id int); CREATE TABLE open (tenant_id uuid NOT NULL)');
      await harness.sql(
        `CREATE TABLE own (tenant_id uuid NOT NULL); SELECT isolate_tenants('own'); CREATE POLICY more ON own USING (true)`,
      );
      try {
        const faults = (await catalogOf(harness, schema)).flatMap((table) => faultOf(table, schema) ?? []);
        expect(faults).toEqual([
          expect.stringContaining('forgotten has no tenant_id'),
          expect.stringContaining('open has no forced row-level security'),
          expect.stringContaining('own has other policies'),
        ]);
      } finally {
        await harness.sql('DROP TABLE forgotten, open, own');
      }
    });

    it('are owned by no role that anybody signs in as, and by none that policies do not bind', async () => {
      const roles = await harness.sql(
        `SELECT rolname AS role, rolcanlogin AS login, rolsuper OR rolbypassrls AS unbound, rolinherit AS inherits FROM pg_roles
       WHERE oid IN (SELECT relowner FROM pg_class WHERE relnamespace = $1::regnamespace) OR rolname = ANY ($2) ORDER BY 1`,
        [schema, [runtimeRole(schema), allTenantsRole(schema)]],
      );
      expect(roles).toEqual([
        { role: allTenantsRole(schema), login: false, unbound: false, inherits: true },
        { role: runtimeRole(schema), login: true, unbound: false, inherits: false },
        { role: `${schema}_owner`, login: false, unbound: false, inherits: true },
      ]);
    });

    it('permit the role that acts across tenants no more than the runtime role', async () => {
      const [may, mayAcross] = await Promise.all(
        [runtimeRole(schema), allTenantsRole(schema)].map((role) => harness.sql(PRIVILEGES, [schema, role])),
      );
      expect(mayAcross).toEqual(may);
    });

    it('show nothing without a tenant, and of a tenant its own rows alone', async () => {
      for (const { name } of tables) {
        const [{ a, b }] = await harness.sql(
          `SELECT count(*) FILTER (WHERE tenant_id = $1)::int AS a, count(*) FILTER (WHERE tenant_id = $2)::int AS b FROM ${name}`,
          [own, OTHER],
        );
        expect([name, a > 0, b > 0]).toEqual([name, true, true]);
        const visible = async (tenantId?: string) => {
          const { rows } = await acting(tenantId, (as) => as.query(`SELECT DISTINCT tenant_id FROM ${name}`));
          return rows.map((row) => row.tenant_id);
        };
        expect([name, await visible()]).toEqual([name, []]);
        expect([name, await visible(own)]).toEqual([name, [own]]);
        expect([name, await visible(OTHER)]).toEqual([name, [OTHER]]);
      }
    });

    it('take no row of another tenant, and let none be moved there', async () => {
      for (const { name } of tables) {
        const columns = (await harness.sql(COLUMNS, [`${schema}.${name}`])).map(({ column }) => column);
        const values = columns.map((column) => (column === 'tenant_id' ? '$1' : column)).join(', ');
        const copied = acting(own, (as) =>
          as.query(
            `INSERT INTO ${name} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM ${name} LIMIT 1`,
            [OTHER],
          ),
        );
        expect([name, await refusalOf(copied)]).toEqual([name, ...FORBIDDEN]);
        const moved = acting(own, (as) => as.query(`UPDATE ${name} SET tenant_id = $1`, [OTHER]));
        expect([name, await refusalOf(moved)]).toEqual([name, ...FORBIDDEN]);
      }
    });

    it('let nobody change or delete what they do not see', async () => {
      for (const { name } of tables)
        for (const statement of [`UPDATE ${name} SET tenant_id = tenant_id`, `DELETE FROM ${name}`]) {
          const changed = (tenantId: string | undefined, condition: string) =>
            acting(tenantId, (as) => as.query(`${statement} WHERE ${condition}`)).then(
              ({ rowCount }) => rowCount,
              // Of some tables, no row may be changed at all.
              ({ code }) => (FORBIDDEN.includes(code) ? 0 : code),
            );
          expect([statement, await changed(undefined, 'true')]).toEqual([statement, 0]);
          expect([statement, await changed(own, `tenant_id = '${OTHER}'`)]).toEqual([statement, 0]);
        }
    });

    it('are not the runtime role’s to open', async () => {
      for (const { name } of tables)
        for (const statement of [
          `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`,
          `DROP POLICY own_tenant ON ${name}`,
          `TRUNCATE ${name}`,
        ]) {
          expect([statement, await refusalOf(acting(own, (as) => as.query(statement)))]).toEqual([
            statement,
            ...FORBIDDEN,
          ]);
        }
    });
  },
);
