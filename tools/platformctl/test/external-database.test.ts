import { hostname, userInfo } from 'node:os';
import { subgraphNames } from '@platform/runtime/modules';
import { createTestDatabase, PlatformProcess, type TestDatabase } from '@platform/testkit';
import pg from 'pg';

const OPERATOR = `${userInfo().username}@${hostname()}`;

describe('an external database', () => {
  let test: TestDatabase;
  let env: Record<string, string>;

  beforeEach(async () => {
    test = await createTestDatabase({ template: 'template0' });
    env = { PLATFORM_ENV: 'test', DATABASE_URL: test.url };
  });
  afterEach(() => test.drop());

  const run = (...args: string[]) => PlatformProcess.run(args, env);

  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: test.url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  const told = () => query('SELECT action, resource_id, metadata FROM audit.audit_entry ORDER BY sequence');

  it('is migrated by one of several processes, once, and by the next not at all', async () => {
    const both = await Promise.all([run('migrate'), run('migrate')]);

    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const idle = both.filter(({ printed }) => printed === 'Every schema was up to date.\n');
    expect(idle).toHaveLength(1);
    const [worker] = both.filter((each) => !idle.includes(each));
    for (const schema of subgraphNames) {
      expect(worker?.printed).toContain(`migrated ${schema}: events-1763600000000`);
    }

    expect(await run('migrate')).toEqual({ code: 0, printed: 'Every schema was up to date.\n' });
    expect(await told()).toEqual([
      {
        action: 'platform.schema.migrated',
        resource_id: null,
        metadata: {
          operator: OPERATOR,
          migrations: expect.arrayContaining([expect.stringMatching(/^blog: cover-images-/)]),
        },
      },
    ]);
  });

  it('is left as it is by the comparison of entities with migrations, which agree', async () => {
    expect(await run('migrate', '--check')).toEqual({ code: 0, printed: 'Entities and migrations agree.\n' });
    const schemas = await query(
      `SELECT nspname FROM pg_namespace WHERE nspname IN (${subgraphNames.map((name) => `'${name}'`)})`,
    );
    expect(schemas).toEqual([]);
    expect(await query(`SELECT datname FROM pg_database WHERE datname LIKE 'scratch\\_%\\_%'`)).toEqual([]);
  });

  it('is worked on by commands about people alone: no mail leaves, and no signing key is made', async () => {
    expect((await run('seed')).code).toBe(0);
    await query(
      `INSERT INTO identity.mail_queue (event_id, tenant_id, handler, envelope, due_at)
       VALUES (gen_random_uuid(), gen_random_uuid(), 'identity.mail-reset-link', '{}', '2020-01-01')`,
    );
    expect((await run('users', 'list')).code).toBe(0);
    expect((await run('seed')).code).toBe(0);
    expect(await query('SELECT attempts FROM identity.mail_queue WHERE due_at = $$2020-01-01$$')).toEqual([
      { attempts: 0 },
    ]);
    expect(await query('SELECT kid FROM identity.signing_keys')).toEqual([]);
  });

  it.each(['identity', 'authz'])(
    'is refused by commands about people while a migration of %s is missing',
    async (schema) => {
      expect((await run('migrate')).code).toBe(0);
      expect((await run('users', 'list')).code).toBe(0);
      await query(
        `DELETE FROM ${schema}.migrations WHERE timestamp = (SELECT max(timestamp) FROM ${schema}.migrations)`,
      );
      const refused = await run('users', 'list');
      expect(refused.code).toBe(1);
      expect(refused.printed).toContain('Run ./platformctl migrate first');
    },
  );

  it('gets its first administrator once, with a password that is printed once', async () => {
    const first = await run('seed');
    expect(first.code).toBe(0);
    const [, email, password = ''] = /^Administrator (\S+), password (\S+)$/m.exec(first.printed) ?? [];
    expect(email).toBe('admin@example.com');
    expect(password.length).toBeGreaterThanOrEqual(20);

    const second = await run('seed');
    expect(second.code).toBe(0);
    expect(second.printed).toContain('An administrator who can sign in was there already.');
    expect(second.printed).not.toContain(password);

    const users = await query('SELECT id FROM identity.users');
    expect(users).toHaveLength(1);
    expect(await told()).toEqual([
      expect.objectContaining({ action: 'platform.schema.migrated' }),
      { action: 'platform.administrator.seeded', resource_id: users[0]?.['id'], metadata: { operator: OPERATOR } },
    ]);
    expect(await query('SELECT name FROM authz.roles ORDER BY name')).toEqual([
      { name: 'admin' },
      { name: 'guest' },
      { name: 'user' },
    ]);
  });

  it('that is not there ends a command with its address, and a process once it has waited', async () => {
    const away = new URL(test.url);
    away.port = '1';
    env = { ...env, DATABASE_URL: away.href, DATABASE_START_TIMEOUT: '500ms', REDIS_URL: 'redis://127.0.0.1:1' };

    for (const args of [
      ['migrate'],
      ['seed'],
      ['start', 'blog', '--set', 'server.port=0'],
      ['dev', '--set', 'server.port=0'],
    ]) {
      const { code, printed } = await run(...args);
      expect([args, code]).toEqual([args, 1]);
      expect(printed).toMatch(/The database \w+ at 127\.0\.0\.1:1 cannot be used as \w+: connect ECONNREFUSED/);
      expect(printed).not.toContain(away.password);
    }
  });
});
