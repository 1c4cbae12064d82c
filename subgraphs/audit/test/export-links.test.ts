import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '@platform/audit';
import { ALL_TENANTS_VERSION, type Caller, tenantVersion, userVersion } from '@platform/auth';
import { eventually, useSubgraph } from '@platform/testkit';
import { ENTRIES, RECORD } from './operations.js';

const FIELDS = 'jobId status format requestedAt finishedAt download { url expiresAt }';
const BEGIN = `mutation ($format: AuditExportFormat!) { exportAuditEntries(format: $format) { ${FIELDS} } }`;
const JOB = `query ($id: ID!) { auditExport(jobId: $id) { ${FIELDS} } }`;
const MINUTE = 60_000;

describe('the link to an export', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'platform-export-'));
  const harness = useSubgraph(audit, { set: [`platform.dataDir=${dataDir}`, 'audit.downloadLifetime=5m'] });
  afterAll(() => rmSync(dataDir, { recursive: true }));

  const auditor = () => harness.asUser(crypto.randomUUID(), ['audit.entry.export', 'audit.entry.read']);

  async function finishedExport(client = auditor(), format = 'CSV') {
    const service = harness.asService('reports', ['audit.entry.record']);
    await service.data(RECORD, { input: { action: 'a.b', resource: 'c' } });
    const { exportAuditEntries: begun } = await client.data(BEGIN, { format });
    expect(begun).toMatchObject({ status: 'PENDING', format, finishedAt: null, download: null });
    return eventually(async () => {
      const { auditExport: job } = await client.data(JOB, { id: begun.jobId });
      expect(job.status).toBe('DONE');
      return job;
    });
  }

  it('hands out the file, whole, and leaves an entry', async () => {
    const client = auditor();
    const job = await finishedExport(client);
    expect(job.download.url).toMatch(/^http:\/\/localhost:4000\/audit\/exports\//);

    const { status, headers, body } = await harness.get(job.download.url);

    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="audit-${job.jobId}.csv"`,
      'cache-control': 'no-store',
    });
    expect(body.split('\r\n')[1]).toContain(',a.b,');
    const { auditEntries } = await client.data(ENTRIES, { filter: { action: 'platform.audit.downloaded' } });
    expect(auditEntries.nodes).toMatchObject([{ resourceId: job.jobId, actor: { id: client.caller.userId } }]);
  });

  it.each(['=1+1', '＝1+1', '＋1', '－1', '＠SUM(A1)', ' =1', '\u200b=1', '\ufeff＝1', '−1', '﹦1'])(
    'leads to a file in which %j is text for a spreadsheet',
    async (resourceId) => {
      const service = harness.asService('reports', ['audit.entry.record']);
      await service.data(RECORD, { input: { action: 'a.formula', resource: 'c', resourceId } });
      const { body } = await harness.get((await finishedExport()).download.url);
      expect(body).toContain(`,c,'${resourceId},`);
    },
  );

  it('is of no use once its time is over, or for another job, or with another end', async () => {
    const client = auditor();
    const { download, jobId } = await finishedExport(client);
    const other = await finishedExport(client, 'JSONL');
    const changed = [
      download.url.replace(jobId, other.jobId),
      download.url.replace(/expires=\d+/, (expires: string) => `${expires}0`),
      download.url.replace(/signature=./, 'signature='),
      download.url.replace(/\?.*/, ''),
      download.url.replace(jobId, 'no-job'),
    ];
    for (const url of changed) {
      const { status, body } = await harness.get(url);
      expect([status, JSON.parse(body).errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
    }
    expect((await harness.get(download.url)).status).toBe(200);

    harness.clock.advance(5 * MINUTE);
    expect((await harness.get(download.url)).status).toBe(404);
    const { auditExport: again } = await client.data(JOB, { id: jobId });
    expect((await harness.get(again.download.url)).status).toBe(200);
  });

  it.each([
    ['the user whom it was given to', ({ userId }: Caller) => userVersion(userId ?? '')],
    ['the roles of their organization', ({ tenantId }: Caller) => tenantVersion(tenantId)],
    ['whichever organizations', () => ALL_TENANTS_VERSION],
  ])('ends with the rights of %s', async (_, version) => {
    const client = auditor();
    const { download } = await finishedExport(client);
    await harness.revocations.bump([tenantVersion(crypto.randomUUID()), userVersion(crypto.randomUUID())]);
    expect((await harness.get(download.url)).status).toBe(200);

    await harness.revocations.bump([version(client.caller)]);
    expect((await harness.get(download.url)).status).toBe(404);
  });

  it('is for the user alone who asked for the export', async () => {
    const { jobId } = await finishedExport();
    expect(await auditor().data(JOB, { id: jobId })).toEqual({ auditExport: null });
    const reader = harness.asUser(crypto.randomUUID(), ['audit.entry.read']);
    expect((await reader.error(JOB, { id: jobId })).extensions['code']).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
  });
});
