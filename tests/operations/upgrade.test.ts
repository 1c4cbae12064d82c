import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { migrate, migrationNames } from '@platform/postgres/database';
import { createTestDatabase, type TestDatabase } from '@platform/testkit';
import pg from 'pg';

/** The last one of the release before. */
const BEFORE = 1764800000000;
const BOUNDED = 1764806000001;
const timeOf = (name: string) => Number(/\d{13}$/.exec(name)?.[0]);

describe('the upgrade of a database that is in use', () => {
  let test: TestDatabase;
  let client: pg.Client;
  const { database, logging } = loadConfig(processSections, { environment: 'test' });
  const migrateUntil = (last: number) =>
    migrate({
      url: test.url,
      roleSecret: database.roleSecret,
      schemas: [{ schema: 'identity', entities: [] }],
      only: new Map([['identity', new Set(migrationNames('identity').filter((name) => timeOf(name) <= last))]]),
      logger: createLogger(logging),
    });
  const rows = async (sql: string) => (await client.query(sql)).rows;
  const unchecked = () =>
    rows(`SELECT conname FROM pg_constraint WHERE connamespace = 'identity'::regnamespace AND NOT convalidated`);

  beforeAll(async () => {
    test = await createTestDatabase({ template: 'template0' });
    await migrateUntil(BEFORE);
    client = new pg.Client({ connectionString: test.url, options: '-c search_path=identity' });
    await client.connect();
    await client.query(
      `INSERT INTO users (id, email, email_verified, pending, username, created_at, updated_at) VALUES
         (gen_random_uuid(), 'pending@example.com', false, true, 'pending', now(), now()),
         (gen_random_uuid(), 'second@xn--bcher-kva.test', true, false, 'one', now(), now()),
         (gen_random_uuid(), 'ada@xn--bcher-kva.test', true, false, 'old', now() - interval '1 day', now()),
         (gen_random_uuid(), 'ada@xn--bucher-xyd.test', true, false, 'young', now(), now()),
         (gen_random_uuid(), 'left@example.com', false, false, 'changed', now(), now());
       INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
         SELECT gen_random_uuid(), id, now(), now(), now() FROM users WHERE username = 'changed'`,
    );
  });
  afterAll(async () => {
    await client?.end();
    await test?.drop();
  });

  it('checks old rows of its tables while they are written to, and all of them in the end', async () => {
    await migrateUntil(BOUNDED);
    const names = (await unchecked()).map(({ conname }) => conname);
    expect(names).toEqual(expect.arrayContaining(['users_texts', 'sessions_texts', 'refresh_tokens_texts']));
    await migrateUntil(Number.MAX_SAFE_INTEGER);
    expect(await unchecked()).toEqual([]);
  });

  it('gives one of two accounts the address that both would have, the older one', async () => {
    expect(await rows(`SELECT username, email FROM users WHERE email LIKE '%.test' ORDER BY username`)).toEqual([
      { username: 'old', email: 'ada@bücher.test' },
      { username: 'one', email: 'second@bücher.test' },
      { username: 'young', email: 'ada@xn--bucher-xyd.test' },
    ]);
  });

  it('names pending users so that a million of them have different names', async () => {
    const [{ username }] = await rows(`SELECT username FROM users WHERE pending`);
    expect(username).toMatch(/^user-[0-9a-f]{20,}$/);
  });

  it('remembers whose address was verified once', async () => {
    expect(await rows(`SELECT username FROM users WHERE ever_verified AND NOT email_verified`)).toEqual([
      { username: 'changed' },
    ]);
  });
});
