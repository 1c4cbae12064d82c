import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { subgraphNames } from '@platform/runtime/modules';
import { createTestDatabase, eventually, PlatformProcess, type TestDatabase } from '@platform/testkit';
import pg from 'pg';

/** The secret of the test server's roles, which all databases on it share. */
const ROLE_SECRET = 'test-role-secret-not-for-production-either';
/** Whoever migrates holds it, so a test can halt a restoring that has set everything aside. */
const MIGRATION_LOCK = 4_701_985;
const SUBJECTS = `SELECT left(subject, 9) AS subject FROM audit.subject_key ORDER BY 1`;
const SCHEMAS = `SELECT nspname::text AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public$)' ORDER BY 1`;
const OWN_SCHEMAS = subgraphNames.toSorted().map((name) => ({ name }));

describe('a platform whose state is replaced by a backup', () => {
  let folder: string;
  let data: string;
  let database: TestDatabase;
  let env: Record<string, string>;
  let client: pg.Client;

  const run = (...args: string[]) => PlatformProcess.run(args, env);
  const rows = async (sql: string) => (await client.query(sql)).rows;
  const addSubject = (subject: string) =>
    client.query('INSERT INTO audit.subject_key (subject, key) VALUES ($1, $2)', [subject, 'k']);
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(data, path)), { recursive: true });
    await writeFile(join(data, path), text);
  };
  const filesBelow = async (at: string): Promise<string[]> =>
    (await readdir(at, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
      .sort();

  const makeBackup = async (): Promise<string> => {
    const archive = join(folder, 'platform.tar.gz');
    expect(await run('backup', archive)).toMatchObject({ code: 0 });
    return archive;
  };
  /** The state that must not be lost: what has happened since the backup. */
  const goOn = async () => {
    await addSubject('later');
    await write('blobs/later.png', 'later');
  };
  const expectLaterState = async () => {
    expect(await rows(SUBJECTS)).toEqual([{ subject: 'earlier' }, { subject: 'later' }]);
    expect(await rows(SCHEMAS)).toEqual(OWN_SCHEMAS);
    expect(await filesBelow(data)).toEqual(['blobs/earlier.png', 'blobs/later.png']);
  };
  /** Starts replacing, and answers once everything is set aside and the lock is waited for. */
  const replaceHalted = async (archive: string): Promise<PlatformProcess> => {
    await client.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    const restoring = PlatformProcess.start(['restore', archive, '--replace'], env);
    await eventually(async () => expect(await rows(SCHEMAS)).toContainEqual({ name: 'audit_before_restore' }), {
      timeout: 60_000,
    });
    expect(await filesBelow(data)).not.toContain('blobs/later.png');
    return restoring;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platform-replace-'));
    data = join(folder, 'data');
    database = await createTestDatabase({ template: 'template0' });
    env = { DATABASE_URL: database.url, PLATFORM_DATA_DIR: data, DATABASE_ROLE_SECRET: ROLE_SECRET };
    expect(await run('migrate')).toMatchObject({ code: 0 });
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await addSubject('earlier');
    await write('blobs/earlier.png', 'earlier');
  });
  afterEach(async () => {
    await client?.end();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('has what the backup has, and nothing of what was there', async () => {
    const archive = await makeBackup();
    await goOn();
    expect(await run('restore', archive, '--replace')).toMatchObject({ code: 0 });
    expect(await rows(SUBJECTS)).toEqual([{ subject: 'earlier' }]);
    expect(await rows(SCHEMAS)).toEqual(OWN_SCHEMAS);
    expect(await filesBelow(data)).toEqual(['blobs/earlier.png']);
  });

  it('neither writes an archive into its data directory nor restores one from there, by whatever name', async () => {
    const archive = join(data, 'blobs', 'platform.tar.gz');
    await writeFile(archive, await readFile(await makeBackup()));
    await symlink(archive, join(folder, 'link.tar.gz'));
    await symlink(join(data, 'blobs'), join(folder, 'backups'));
    await mkdir(join(folder, 'disk'));
    await symlink(join(folder, 'disk'), join(data, 'audit'));
    await writeFile(join(folder, 'disk', 'other.tar.gz'), await readFile(archive));
    for (const place of [join(folder, 'link.tar.gz'), join(folder, 'disk', 'other.tar.gz')]) {
      const refused = { code: 1, printed: expect.stringContaining('part of the data directory') };
      expect(await run('restore', place, '--replace')).toEqual(refused);
    }
    expect(await run('backup', join(folder, 'backups', 'new.tar.gz'))).toEqual({
      code: 1,
      printed: expect.stringContaining('part of the data directory'),
    });
    expect(await rows(SUBJECTS)).toEqual([{ subject: 'earlier' }]);
    expect(await filesBelow(data)).toEqual(['blobs/earlier.png', 'blobs/platform.tar.gz']);
  });

  it('is as it was where the disk refuses a file', async () => {
    await write('blobs/cover', 'a file');
    const archive = await makeBackup();
    await rm(join(data, 'blobs', 'cover'));
    await mkdir(join(data, 'blobs', 'cover'));
    await goOn();
    expect(await run('restore', archive, '--replace')).toMatchObject({ code: 1 });
    await expectLaterState();
  });

  it('is as it was where the database refuses a row', async () => {
    await client.query('ALTER TABLE audit.export_job DROP CONSTRAINT export_job_format_check');
    await client.query(`INSERT INTO audit.export_job (id, tenant_id, format, criteria, asked_by, finished_at)
      VALUES (gen_random_uuid(), gen_random_uuid(), 'XML', '{}', 'ada', now())`);
    const archive = await makeBackup();
    await goOn();
    const { code, printed } = await run('restore', archive, '--replace');
    expect({ code, printed }).toEqual({ code: 1, printed: expect.stringContaining('export_job_format_check') });
    await expectLaterState();
  });

  it('is as it was where somebody interrupts it', async () => {
    const archive = await makeBackup();
    await goOn();
    const restoring = await replaceHalted(archive);
    restoring.signal('SIGINT');
    await client.query(`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`);
    expect(await restoring.ended()).toBe(1);
    expect(restoring.printed).toContain('Restoring was interrupted; everything is as it was.');
    await expectLaterState();
  });

  it('comes back with the next restoring where one was killed, and is not backed up before', async () => {
    const archive = await makeBackup();
    await goOn();
    await (await replaceHalted(archive)).end('SIGKILL');
    await client.query(`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`);
    const half = join(folder, 'half.tar.gz');
    expect(await run('backup', half)).toEqual({ code: 1, printed: expect.stringContaining('cut short') });
    expect(await run('restore', archive)).toEqual({ code: 1, printed: expect.stringContaining('--replace') });
    await expectLaterState();
  });

  it('is restored with rows that an upgrade let pass, and later ones are refused as before', async () => {
    const [{ definition }] = await rows(
      `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = 'subject_key_texts'`,
    );
    await client.query('ALTER TABLE audit.subject_key DROP CONSTRAINT subject_key_texts');
    await addSubject('much'.repeat(100));
    await client.query(`ALTER TABLE audit.subject_key ADD CONSTRAINT subject_key_texts ${definition}`);
    const archive = await makeBackup();
    expect(await run('restore', archive, '--replace')).toMatchObject({ code: 0 });
    expect(await rows(SUBJECTS)).toEqual([{ subject: 'earlier' }, { subject: 'muchmuchm' }]);
    await expect(addSubject('more'.repeat(100))).rejects.toThrow('subject_key_texts');
  });

  it('is backed up with what symbolic links lead to, and not where one leads nowhere', async () => {
    await mkdir(join(folder, 'disk'));
    await writeFile(join(folder, 'disk', 'month.jsonl.gz'), 'month');
    await symlink(join(folder, 'disk'), join(data, 'audit'));
    const archive = await makeBackup();
    env = { ...env, PLATFORM_DATA_DIR: join(folder, 'elsewhere') };
    expect(await run('restore', archive, '--replace')).toMatchObject({ code: 0 });
    expect(await filesBelow(join(folder, 'elsewhere'))).toEqual(['audit/month.jsonl.gz', 'blobs/earlier.png']);

    env = { ...env, PLATFORM_DATA_DIR: data };
    await rm(join(folder, 'disk'), { recursive: true });
    const refused = await run('backup', archive);
    expect(refused).toEqual({ code: 1, printed: expect.stringContaining(`${join(data, 'audit')} cannot be used`) });
  });

  it('is backed up by way of a file that nobody can have put there', async () => {
    const victim = join(folder, 'victim');
    await writeFile(victim, 'kept');
    await symlink(victim, join(folder, 'platform.tar.gz.part'));
    const archive = await makeBackup();
    expect(await readFile(victim, 'utf8')).toBe('kept');
    expect((await stat(archive)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual(['platform.tar.gz.part']);
  });
});
