import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '@platform/audit';
import { userDeleted } from '@platform/contracts';
import { eventually, SubgraphHarness } from '@platform/testkit';
import { RECORD } from './operations.js';

const BEGIN = 'mutation ($format: AuditExportFormat!) { exportAuditEntries(format: $format) { jobId } }';
const JOB = 'query ($id: ID!) { auditExport(jobId: $id) { status download { url } } }';
const PERMISSIONS = ['audit.entry.export', 'audit.entry.record'];
const ENTRIES = 300;

describe('exports of two processes on one database and one folder', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'platform-exports-'));
  const folder = join(dataDir, 'audit', 'exports');
  const options = { set: [`platform.dataDir=${dataDir}`, 'audit.exportRetention=1h'] };
  const first = new SubgraphHarness(audit, options);
  const second = new SubgraphHarness(audit, { ...options, beside: first });
  const userId = crypto.randomUUID();
  const auditor = (harness = first) => harness.asUser(userId, PERMISSIONS);
  const begin = async (client = auditor()): Promise<string> =>
    (await client.data(BEGIN, { format: 'JSONL' })).exportAuditEntries.jobId;
  const jobOf = async (id: string) => (await auditor().data(JOB, { id })).auditExport;
  const files = () => (existsSync(folder) ? readdirSync(folder) : []);

  beforeAll(async () => {
    await first.start();
    await second.start();
    const service = first.asService('reports', PERMISSIONS);
    const input = { action: 'a.b', resource: 'c', metadata: { text: 'x'.repeat(1_000) } };
    for (let count = 0; count < ENTRIES; count += 1) await service.data(RECORD, { input });
  });
  afterAll(async () => {
    await second.stop();
    await first.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('are each written by one of them', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 16 }, (_, index) => begin(auditor(index % 2 === 0 ? first : second))),
    );
    await eventually(async () => {
      const rows = await first.sql('SELECT id, finished_at, failure FROM export_job WHERE finished_at IS NOT NULL');
      for (const id of jobs) expect(rows).toContainEqual({ id, finished_at: expect.any(Date), failure: null });
    });
    expect([...first.unexpected, ...second.unexpected]).toEqual([]);
  });

  it('end with their day, and their files with them', async () => {
    const job = await begin();
    await eventually(async () => expect(await jobOf(job)).toMatchObject({ status: 'DONE' }));
    expect(files()).toContain(`${job}.jsonl`);
    await first.sql(`UPDATE export_job SET finished_at = finished_at - interval '2 hours' WHERE id = $1`, [job]);
    await begin();
    await eventually(async () => expect(files()).not.toContain(`${job}.jsonl`));
    expect(await jobOf(job)).toBeNull();
  });

  it('end with whoever asked for them', async () => {
    const owner = first.asUser(crypto.randomUUID(), PERMISSIONS);
    const id = await begin(owner);
    const done = await eventually(async () => {
      const { auditExport: job } = await owner.data(JOB, { id });
      expect(job.status).toBe('DONE');
      return job;
    });
    const subject = owner.caller.userId as string;

    await first.deliver(userDeleted, { subject, data: { userId: subject } });

    expect((await first.get(done.download.url)).status).toBe(404);
    await eventually(async () => expect(files()).not.toContain(`${id}.jsonl`));
  });

  it('leave nothing of those that a crash has cut off, and touch nothing else', async () => {
    mkdirSync(folder, { recursive: true });
    const cutOff = `${crypto.randomUUID()}.csv.part`;
    for (const name of [cutOff, 'notes.txt']) writeFileSync(join(folder, name), '');
    await begin();
    await eventually(async () => expect(files()).not.toContain(cutOff));
    expect(files()).toContain('notes.txt');
  });
});
