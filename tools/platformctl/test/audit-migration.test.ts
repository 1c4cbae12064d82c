import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WrittenLeaf } from '@platform/audit/entities';
import { recomputedHash } from '@platform/audit/verification';
import { loadConfig, processSections, projectRoot } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { migrate } from '@platform/postgres/database';
import { createTestDatabase, PlatformProcess, type TestDatabase } from '@platform/testkit';
import pg from 'pg';

const FIRST = '1763600200000-append-only-log.sql';
const ENTRIES = 300;
/** The migration itself is told in the log. */
const OWN_ENTRY = 1;
const TENANT = '00000000-0000-7000-8000-000000000001';

/** An entry as the first version of the log wrote it, recorded over the last three months. */
function entry(sequence: number): WrittenLeaf & { leafHash: string } {
  const monthsAgo = 2 - Math.floor((3 * sequence) / ENTRIES);
  const now = new Date();
  const time = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, 1, 0, 0, 0, sequence));
  const leaf: WrittenLeaf = {
    id: crypto.randomUUID(),
    sequence: String(sequence),
    actorId: sequence % 2 === 0 ? crypto.randomUUID() : null,
    action: 'platform.user.logged_in',
    resource: 'user',
    resourceId: crypto.randomUUID(),
    outcome: 'SUCCESS',
    ipAddress: '203.0.113.7',
    userAgent: null,
    requestId: null,
    traceId: null,
    tenantId: TENANT,
    metadata: { number: sequence, nested: { list: [1, 'two', null] } },
    sealed: null,
    occurredAt: time.toISOString(),
    recordedAt: time.toISOString(),
  };
  return { ...leaf, leafHash: recomputedHash({ ...leaf, leafHash: '' }).toString('hex') };
}

describe('the migration of a log that was filled by its first version', () => {
  let test: TestDatabase;
  let client: pg.Client;
  let dataDir: string;
  const entries = Array.from({ length: ENTRIES }, (_, sequence) => entry(sequence));
  const run = (...args: string[]) =>
    PlatformProcess.run(args, { PLATFORM_ENV: 'test', DATABASE_URL: test.url, PLATFORM_DATA_DIR: dataDir });

  beforeAll(async () => {
    test = await createTestDatabase({ template: 'template0' });
    dataDir = await mkdtemp(join(tmpdir(), 'platform-migration-'));
    const own = join('subgraphs/audit/migrations', FIRST);
    for (const path of ['migrations', own])
      await cp(join(projectRoot(), path), join(dataDir, path), { recursive: true });
    const { database, logging } = loadConfig(processSections, { environment: 'test' });
    await migrate({
      url: test.url,
      roleSecret: database.roleSecret,
      root: dataDir,
      schemas: [{ schema: 'audit', entities: [] }],
      logger: createLogger(logging),
    });
    client = new pg.Client({ connectionString: test.url, options: '-c search_path=audit' });
    await client.connect();
    await client.query('ALTER TABLE audit_entry DISABLE TRIGGER refuse_forged_position');
    await client.query(
      `INSERT INTO audit_entry (id, sequence, actor_id, action, resource, resource_id, outcome, ip_address, metadata, occurred_at, recorded_at, leaf_hash)
       SELECT id, sequence, "actorId", action, resource, "resourceId", outcome, "ipAddress", metadata, "occurredAt", "recordedAt", "leafHash"
         FROM json_to_recordset($1) AS entry (id uuid, sequence bigint, "actorId" text, action text, resource text, "resourceId" text, outcome text,
           "ipAddress" text, metadata jsonb, "occurredAt" timestamptz, "recordedAt" timestamptz, "leafHash" text)`,
      [JSON.stringify(entries)],
    );
    await client.query('ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER refuse_forged_position');
    expect(await run('migrate')).toMatchObject({ code: 0, printed: expect.stringContaining('migrated audit: ') });
  });
  afterAll(async () => {
    await client?.end();
    await test?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('keeps every entry, each in the partition of its month, and the log whole', async () => {
    const { rows } = await client.query(
      'SELECT tableoid::regclass::text AS name, count(*)::int AS number FROM audit_entry GROUP BY 1 ORDER BY 1',
    );
    expect(rows.map(({ number }) => number)).toEqual([100, 100, 100 + OWN_ENTRY]);
    const { code, printed } = await run('audit', 'verify');
    expect([code, printed]).toEqual([0, expect.stringContaining(`${ENTRIES + OWN_ENTRY} entries`)]);
  });

  it('guards what was there before as what comes after, which goes on where it ended', async () => {
    await expect(client.query(`UPDATE audit_entry SET action = 'harmless' WHERE sequence = 5`)).rejects.toMatchObject({
      code: '23001',
    });
    const { printed } = await run('audit', 'rotate-key', '--new-key', join(dataDir, 'key.json'));
    expect(printed).toContain(`Entry ${ENTRIES + OWN_ENTRY} announces the key`);
    expect((await run('audit', 'verify')).code).toBe(0);
  });

  it('lets an entry of before be missed, should somebody remove it', async () => {
    await client.query('ALTER TABLE audit_entry DISABLE TRIGGER ALL');
    const partition = (
      await client.query('SELECT tableoid::regclass::text AS name FROM audit_entry WHERE sequence = 7')
    ).rows[0].name;
    await client.query(`ALTER TABLE ${partition} DISABLE TRIGGER ALL`);
    await client.query(`DELETE FROM ${partition} WHERE sequence = 7`);
    const { code, printed } = await run('audit', 'verify');
    expect([code, printed]).toEqual([1, expect.stringContaining('entry 7 is missing')]);
  });
});
