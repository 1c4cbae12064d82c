import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { runningServerUrl } from '@platform/embedded-postgres';
import { subgraphNames } from '@platform/runtime/modules';
import { createTestDatabase, eventually, PlatformProcess, type TestDatabase } from '@platform/testkit';
import pg from 'pg';
import { PNG, sendCoverImage } from './cover-image.js';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

const ADA = { email: 'ada@example.com', password: 'a lovely engine of brass' };
const SCHEMAS = subgraphNames;
/** A transaction that another server will not reach within the life of this test. */
const FAR_TRANSACTION = '1500000000';

const GUARDS = `
  SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY ($1) AND NOT t.tgisinternal ORDER BY 1, 2`;
const RIGHTS = `
  SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner) AS owner, c.relacl::text[] FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p', 'S') ORDER BY 1, 2`;
const ENTRIES = 'SELECT sequence, id, leaf_hash FROM audit.audit_entry ORDER BY sequence';

describe('a backup of the running platform', () => {
  let platform: EmbeddedPlatform;
  let folder: string;
  let archive: string;
  let coverImage: string;
  let before: Record<string, unknown>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platform-backup-'));
    archive = join(folder, 'platform.tar.gz');
    platform = await EmbeddedPlatform.start();
    const admin = await platform.signInAsAdministrator();
    const { userId } = await platform.signUp(ADA.email, ADA.password);
    await giveEditorRole(admin, userId);
    const { createPost } = await admin.client.data(
      'mutation { createPost(input: { title: "Kept", content: "x" }) { id } }',
    );
    coverImage = await sendCoverImage(admin.client, createPost.id, platform.url);
    for (let i = 0, version = 2; i < 40; i += 1) version = await changePost(admin, createPost.id, version, `Kept ${i}`);
    await query(await runningServerUrl(platform.directory), `UPDATE blog.outbox SET written_by = '${FAR_TRANSACTION}'`);
    before = await stateOf(await runningServerUrl(platform.directory));
    expect(await run(['backup', archive], { PLATFORM_DATA_DIR: platform.directory })).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await platform?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  describe('restored in an empty data directory', () => {
    let restored: EmbeddedPlatform;

    beforeAll(async () => {
      const directory = await EmbeddedPlatform.newDirectory();
      const { code, printed } = await run(['restore', archive], { PLATFORM_DATA_DIR: directory });
      expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining('is restored') });
      const verified = await run(['audit', 'verify'], { PLATFORM_DATA_DIR: directory });
      expect(verified).toEqual({ code: 0, printed: expect.stringContaining('The log is whole.') });
      restored = await EmbeddedPlatform.start({ directory });
    });
    afterAll(() => restored?.stop());

    it('has every audit entry as it was, and goes on with the next number', async () => {
      const url = await runningServerUrl(restored.directory);
      const entries = await query(url, ENTRIES);
      const earlier = before.entries as unknown[];
      expect(earlier.length).toBeGreaterThan(60);
      expect(entries.slice(0, earlier.length)).toEqual(earlier);
      const [next] = await query(url, `SELECT action FROM audit.audit_entry WHERE sequence = ${earlier.length}`);
      expect(next).toEqual({ action: 'platform.backup.restored' });
    });

    it('lets everybody sign in with the roles and permissions that they had', async () => {
      const { client } = await restored.signIn(ADA.email, ADA.password);
      const { me, myPermissions } = await client.data('{ me { roles { name } } myPermissions }');
      expect(me.roles.map(({ name }: { name: string }) => name).toSorted()).toEqual(['editor', 'user']);
      expect(myPermissions).toContain('blog.post.moderate');
    });

    it('has the files that rows name', async () => {
      const response = await fetch(`${restored.url}${coverImage}`);
      expect(Buffer.from(await response.arrayBuffer()).equals(PNG)).toBe(true);
    });

    it('has the guards, owners and rights that it had, and they hold', async () => {
      const url = await runningServerUrl(restored.directory);
      expect(await query(url, GUARDS, [SCHEMAS])).toEqual(before.guards);
      expect(await query(url, RIGHTS, [SCHEMAS])).toEqual(before.rights);
      await expect(query(url, "UPDATE audit.audit_entry SET action = 'x'")).rejects.toThrow('append-only');
      await expect(query(url, 'DELETE FROM audit.log_identity')).rejects.toThrow('append-only');
    });

    it('sends what waited on the old server, though its transactions are unknown here, and nothing twice', async () => {
      const url = await runningServerUrl(restored.directory);
      await eventually(async () => {
        const waiting = await query(url, 'SELECT 1 FROM blog.outbox WHERE published_at IS NULL');
        expect(waiting).toEqual([]);
      });
      const created = await query(
        url,
        `SELECT count(*)::int FROM audit.audit_entry WHERE action = 'blog.post.created'`,
      );
      expect(created).toEqual([{ count: 1 }]);
      const admin = await restored.signInAsAdministrator();
      await admin.client.data('mutation { createPost(input: { title: "New", content: "x" }) { id } }');
      await eventually(async () => {
        const audited = await query(
          url,
          `SELECT count(*)::int FROM audit.audit_entry WHERE action = 'blog.post.created'`,
        );
        expect(audited).toEqual([{ count: 2 }]);
      });
    });

    it('is whole still', async () => {
      const verified = await run(['audit', 'verify'], { PLATFORM_DATA_DIR: restored.directory });
      expect(verified).toEqual({ code: 0, printed: expect.stringContaining('The log is whole.') });
    });
  });

  describe('restored in an external database', () => {
    let database: TestDatabase;
    let env: Record<string, string>;

    beforeEach(async () => {
      database = await createTestDatabase({ template: 'template0' });
      const directory = await mkdtemp(join(folder, 'data-'));
      env = { DATABASE_URL: database.url, PLATFORM_DATA_DIR: directory, DATABASE_ROLE_SECRET: TEST_ROLE_SECRET };
    });
    afterEach(() => database.drop());

    it('is whole, and may be replaced by the same backup only when that is said', async () => {
      expect(await run(['restore', archive], env)).toMatchObject({ code: 0 });
      expect(await run(['audit', 'verify'], env)).toMatchObject({ code: 0 });
      const again = await run(['restore', archive], env);
      expect(again).toEqual({ code: 1, printed: expect.stringContaining('--replace') });
      expect(await run(['restore', archive, '--replace'], env)).toMatchObject({ code: 0 });
      const entries = await query(database.url, ENTRIES);
      expect(entries).toHaveLength((before.entries as unknown[]).length + 1);
      expect(await run(['audit', 'verify'], env)).toMatchObject({ code: 0 });
    });

    it.each([
      ['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 2_000)],
      [
        'was changed',
        (bytes: Buffer) =>
          gzipSync(Buffer.from(gunzipSync(bytes).toString('latin1').replace('Kept 39', 'Kept 93'), 'latin1')),
      ],
      ['is something else', () => Buffer.from('no archive')],
    ])('changes nothing where the archive %s', async (_what, damage) => {
      const damaged = join(folder, 'damaged.tar.gz');
      await writeFile(damaged, damage(await readFile(archive)));
      const { code, printed } = await run(['restore', damaged], env);
      expect({ code, printed }).toEqual({
        code: 1,
        printed: expect.stringMatching(/^.*damaged\.tar\.gz cannot be restored: .+\n$/),
      });
      const schemas = await query(database.url, 'SELECT 1 FROM pg_namespace WHERE nspname = ANY ($1)', [SCHEMAS]);
      expect(schemas).toEqual([]);
    });

    it('leaves nothing behind where the disk refuses a file', async () => {
      await rm(env.PLATFORM_DATA_DIR as string, { recursive: true });
      await writeFile(env.PLATFORM_DATA_DIR as string, 'a file, not a folder');
      expect(await run(['restore', archive], env)).toMatchObject({ code: 1 });
      const schemas = await query(database.url, 'SELECT 1 FROM pg_namespace WHERE nspname = ANY ($1)', [SCHEMAS]);
      expect(schemas).toEqual([]);
    });
  });

  it('can be read by its owner alone, and is never left half written', async () => {
    expect((await stat(archive)).mode & 0o777).toBe(0o600);
    const nowhere = join(folder, 'no', 'such', 'folder.tar.gz');
    const { code, printed } = await run(['backup', nowhere], { PLATFORM_DATA_DIR: platform.directory });
    expect({ code, printed }).toEqual({ code: 1, printed: expect.stringContaining(`${nowhere} cannot be used`) });
  });

  it('is not restored below a platform that runs', async () => {
    const { code, printed } = await run(['restore', archive, '--replace'], { PLATFORM_DATA_DIR: platform.directory });
    expect({ code, printed }).toEqual({ code: 1, printed: expect.stringContaining('Stop every process') });
    await platform.signInAsAdministrator();
  });

  it('is of one moment while posts are written, and the log in it is whole', async () => {
    const { client } = await platform.signInAsAdministrator();
    let writing = true;
    const writers = [1, 2, 3].map(async () => {
      for (let i = 0; writing && i < 2_000; i += 1) {
        await client.data('mutation { createPost(input: { title: "Busy", content: "x" }) { id } }');
      }
    });
    const busy = join(folder, 'busy.tar.gz');
    const saved = await run(['backup', busy], { PLATFORM_DATA_DIR: platform.directory });
    writing = false;
    await Promise.all(writers);
    expect(saved).toMatchObject({ code: 0 });
    const directory = await EmbeddedPlatform.newDirectory();
    expect(await run(['restore', busy], { PLATFORM_DATA_DIR: directory })).toMatchObject({ code: 0 });
    const verified = await run(['audit', 'verify'], { PLATFORM_DATA_DIR: directory });
    expect(verified).toEqual({ code: 0, printed: expect.stringContaining('The log is whole.') });
    await rm(directory, { recursive: true, force: true });
  });
});

/** The secret of the test server's roles, which all databases on it share. */
const TEST_ROLE_SECRET = 'test-role-secret-not-for-production-either';

const run = (args: string[], env: Record<string, string>) => PlatformProcess.run(args, env);

async function query(url: string, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

const stateOf = async (url: string) => ({
  entries: await settledEntries(url),
  guards: await query(url, GUARDS, [SCHEMAS]),
  rights: await query(url, RIGHTS, [SCHEMAS]),
});

/** The audit log once every event has arrived in it. */
const settledEntries = (url: string) =>
  eventually(async () => {
    const [missing] = await query(
      url,
      `SELECT count(*)::int AS count FROM (SELECT event_id FROM identity.outbox UNION ALL SELECT event_id FROM authz.outbox
         UNION ALL SELECT event_id FROM blog.outbox WHERE type LIKE 'blog.%') AS sent
       WHERE event_id NOT IN (SELECT event_id FROM audit.inbox)`,
    );
    expect(missing).toEqual({ count: 0 });
    return query(url, ENTRIES);
  });

async function giveEditorRole({ client }: Session, userId: string): Promise<void> {
  const { createRole } = await client.data(
    'mutation { createRole(input: { name: "editor", permissions: ["blog.post.moderate"] }) { id } }',
  );
  await client.data(
    'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }',
    {
      userId,
      roleIds: [createRole.id],
    },
  );
}

/** Answers the next version. */
async function changePost({ client }: Session, id: string, version: number, title: string): Promise<number> {
  const { updatePost } = await client.data(
    `mutation ($id: ID!, $version: Int!, $title: String!) {
       updatePost(id: $id, input: { version: $version, title: $title }) { version }
     }`,
    { id, version, title },
  );
  return updatePost.version;
}
