import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '@platform/audit';
import { eventually, useSubgraph } from '@platform/testkit';
import { type AuditRows, auditorOf, auditRowsOf } from './rows-of-audit.js';

const OTHER = '01900000-0000-7000-8000-00000000000b';
const ENTRIES = `query ($filter: AuditFilter) { auditEntries(filter: $filter) { nodes { id tenantId } totalCount } }`;

describe('audit, asked by an auditor of another tenant', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'platform-audit-'));
  const harness = useSubgraph(audit, { set: [`platform.dataDir=${dataDir}`, 'audit.checkpointInterval=50ms'] });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  let own: AuditRows;
  let foreign: AuditRows;

  beforeAll(async () => {
    own = await auditRowsOf(harness, harness.tenantId, 'ants');
    foreign = await auditRowsOf(harness, OTHER, 'bees');
  });

  const intruder = () => auditorOf(harness, harness.tenantId);
  const found = async (filter: Record<string, unknown> = {}) =>
    (await intruder().data(ENTRIES, { filter })).auditEntries;

  it('knows nothing of an entry or an export by its id', async () => {
    for (const id of [foreign.entryId, randomUUID()])
      expect(await intruder().data('query ($id: ID!) { auditEntry(id: $id) { id } }', { id })).toEqual({
        auditEntry: null,
      });
    for (const id of [foreign.jobId, randomUUID()])
      expect(await intruder().data('query ($id: ID!) { auditExport(jobId: $id) { jobId } }', { id })).toEqual({
        auditExport: null,
      });
  });

  it('lists and counts the entries of its own tenant', async () => {
    const { nodes, totalCount } = await found();
    expect(new Set(nodes.map(({ tenantId }: { tenantId: string }) => tenantId))).toEqual(new Set([harness.tenantId]));
    expect(totalCount).toBe(nodes.length);
    expect((await found({ action: 'shop.shared' })).nodes.map(({ id }: { id: string }) => id)).toEqual([own.entryId]);
    expect(await found({ resourceId: 'bees' })).toEqual({ nodes: [], totalCount: 0 });
    expect((await found({ from: '2000-01-01T00:00:00Z', action: 'shop.' })).totalCount).toBe(1);
  });

  it('proves that its own entries are in the one log, and nothing of others', async () => {
    const proof = 'query ($id: ID!) { auditProof(entryId: $id) { leafIndex } }';
    await eventually(async () => expect((await intruder().data(proof, { id: own.entryId })).auditProof).not.toBeNull());
    expect((await intruder().data(proof, { id: foreign.entryId })).auditProof).toBeNull();
  });

  it('exports its own entries, each with a proof of its own', async () => {
    const userId = randomUUID();
    const author = () => auditorOf(harness, harness.tenantId, userId);
    const { exportAuditEntries } = await author().data('mutation { exportAuditEntries(format: JSONL) { jobId } }');
    const status = 'query ($id: ID!) { auditExport(jobId: $id) { status download { url } } }';
    const url = await eventually(async () => {
      const { auditExport } = await author().data(status, { id: exportAuditEntries.jobId });
      expect(auditExport.status).toBe('DONE');
      return new URL(auditExport.download.url);
    });
    const { body } = await harness.get(url.pathname + url.search);
    expect(body).toContain(own.entryId);
    expect(body).not.toContain(foreign.entryId);
    expect(body).not.toContain('bees');
  });

  it('hears of the entries of its own tenant', async () => {
    const stream = await intruder().subscribe('subscription { auditEntryRecorded { resourceId } }');
    const record = (tenantId: string, resourceId: string) =>
      auditorOf(harness, tenantId).data(
        `mutation ($input: RecordAuditEntryInput!) { recordAuditEntry(input: $input) { id } }`,
        { input: { action: 'shop.live', resource: 'product', resourceId } },
      );
    const next = stream.next();
    await record(OTHER, 'theirs');
    await record(harness.tenantId, 'ours');
    expect((await next).value).toEqual({ data: { auditEntryRecorded: { resourceId: 'ours' } } });
    await stream.return?.();
  });

  it('has told of nothing by an error that it did not mean', () => {
    expect(harness.unexpected).toEqual([]);
  });
});
