import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { verifyExport } from '@platform/audit/export';
import { userDeleted, userLocked } from '@platform/contracts';
import { eventually, PlatformProcess } from '@platform/testkit';
import { noteSigner, printedKey, readPrintedKey } from '@platform/transparency-log';
import { TamperedLog } from './tampered-log.js';

const EXPORT =
  'mutation ($filter: AuditFilter, $format: AuditExportFormat!) { exportAuditEntries(filter: $filter, format: $format) { jobId } }';

describe('an export of the audit log', () => {
  let log: TamperedLog;
  let key: string;
  let whole: string[];
  const file = (name: string) => join(log.dataDir, name);
  const write = async (name: string, ...args: string[]) => {
    expect(await log.run('export', '--output', file(name), ...args)).toEqual({ code: 0, printed: '' });
    return (await readFile(file(name), 'utf8')).trimEnd().split('\n');
  };
  const verify = async (lines: readonly string[], publicKey = key) => {
    const { findings, ...verdict } = await verifyExport(() => Readable.from(lines), [readPrintedKey(publicKey)]);
    return { ...verdict, findings, first: findings[0]?.sequence };
  };

  beforeAll(async () => {
    log = await TamperedLog.start();
    await log.record(6);
    await log.record(6);
    key = (await log.run('key')).printed.trim();
    whole = await write('whole.jsonl');
  });
  afterAll(() => log.stop());

  it('is verified with nothing but the public key, far from the database and its secrets', async () => {
    const args = ['audit', 'verify', '--export', file('whole.jsonl'), '--public-key', key];
    const { code, printed } = await PlatformProcess.run(args, { PLATFORM_ENV: 'production' });
    expect(printed).toContain('The log is whole. Its first 12 entries are those that were signed.');
    expect(code).toBe(0);
  });

  const fifth = (change: (line: string) => string) => (lines: readonly string[]) =>
    lines.map((line) => (line.includes('"sequence":"5"') ? change(line) : line));

  it.each([
    ['edited', 5, fifth((line) => line.replace('login_failed', 'logged_in'))],
    ['given an action that is no text', 5, fifth((line) => line.replace(/"action":("[^"]+")/, '"action":[$1]'))],
    ['given a time that is no text', 5, fifth((line) => line.replace(/"recordedAt":("[^"]+")/, '"recordedAt":[$1]'))],
    ['removed', 5, (lines: readonly string[]) => lines.filter((line) => !line.includes('"sequence":"5"'))],
    [
      'cut off',
      9,
      (lines: readonly string[]) =>
        lines.slice(
          0,
          lines.findIndex((line) => line.includes('"sequence":"9"')),
        ),
    ],
    ['made to come from elsewhere', 5, fifth((line) => line.replace('203.0.113.7', '203.0.113.8'))],
  ])('names the entry that was %s', async (_, sequence, tamper) => {
    expect((await verify(whole)).findings).toEqual([]);
    expect((await verify(tamper(whole))).first).toBe(sequence);
  });

  it('of a selection has a proof for each entry', async () => {
    const [entry] = (await log.entries()).slice(7);
    const lines = await write('selection.jsonl', '--resource-id', entry?.resourceId ?? '');
    expect(lines).toHaveLength(2);
    expect(await verify(lines)).toMatchObject({ entries: 1, covered: 12, findings: [] });
    expect((await verify(lines.map((line) => line.replace('login_failed', 'logged_in')))).first).toBe(7);
  });

  it('signed by somebody else is refused', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const foreign = noteSigner(log.harness.config.audit.logName, JSON.stringify(privateKey.export({ format: 'jwk' })));
    expect((await verify(whole, printedKey(foreign))).findings).toEqual([
      { sequence: null, message: 'the checkpoint is forged' },
    ]);
  });

  it('as CSV has a line of names and a line an entry', async () => {
    const lines = await write('entries.csv', '--format', 'csv', '--action', 'platform.user.');
    expect(lines).toHaveLength(13);
    expect(lines[0]).toMatch(/^sequence,id,occurredAt,/);
    expect(lines[1]).toMatch(/^0,[-0-9a-f]{36},.+,platform\.user\.login_failed,FAILED,,user,.+,203\.0\.113\.7,/);
  });

  it('asked for by the API lies in the folder under its job’s id, and is in the log itself', async () => {
    const auditor = log.harness.asUser(crypto.randomUUID(), ['audit.entry.export', 'audit.entry.read']);
    const filter = { action: 'platform.user.', from: '2020-01-01T00:00:00Z' };
    const { exportAuditEntries } = await auditor.data(EXPORT, { filter, format: 'CSV' });
    const written = join(log.dataDir, 'audit', 'exports', `${exportAuditEntries.jobId}.csv`);
    await eventually(async () => expect((await readFile(written, 'utf8')).split('\r\n')).toHaveLength(14));
    const { auditEntries } = await auditor.data(
      'query ($id: ID!) { auditEntries(filter: { resourceId: $id }) { nodes { action actor { id } metadata } } }',
      { id: exportAuditEntries.jobId },
    );
    expect(auditEntries.nodes).toEqual([
      {
        action: 'platform.audit.exported',
        actor: { id: auditor.caller.userId },
        metadata: { format: 'CSV', filter: { action: 'platform.user.', from: '2020-01-01T00:00:00.000Z' } },
      },
    ]);
    const stranger = log.harness.asUser(crypto.randomUUID(), ['audit.entry.read']);
    expect((await stranger.error(EXPORT, { format: 'CSV' })).extensions['code']).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  it('shows what is personal in the details only as it was recorded', async () => {
    const userId = crypto.randomUUID();
    await log.harness.deliver(userLocked, { subject: userId, data: { userId, reason: 'called us names' } });
    await log.kept();
    const lines = await write('locked.jsonl', '--resource-id', userId);
    expect(lines.join()).toContain('"reason":"called us names"');
    expect((await verify(lines)).findings).toEqual([]);
    const tampered = ['"reason":"paid us"', '"reasons":"called us names"'].map((said) =>
      lines.map((line) => line.replace('"reason":"called us names"', said)),
    );
    for (const each of tampered) expect((await verify(each)).findings).toHaveLength(1);

    await log.harness.deliver(userDeleted, { subject: userId, data: { userId } });
    await log.kept();
    const erased = await write('erased-details.jsonl', '--resource-id', userId, '--action', 'platform.user.locked');
    expect(JSON.parse(erased[1] ?? '')).toMatchObject({ metadata: { userId }, erased: true });
    expect(erased.join()).not.toContain('called us names');
    expect((await verify(erased)).findings).toEqual([]);
    const invented = erased.map((line) => line.replace('"metadata":{', '"metadata":{"reason":"paid us",'));
    expect((await verify(invented)).findings).toHaveLength(1);
  });

  it('verifies also where a person was erased', async () => {
    const [entry] = await log.entries();
    const userId = entry?.resourceId ?? '';
    await log.harness.deliver(userDeleted, { subject: userId, data: { userId } });
    await log.kept();
    const lines = await write('erased.jsonl');
    expect(JSON.parse(lines.find((line) => line.includes('"sequence":"0"')) ?? '{}')).toMatchObject({
      erased: true,
      ipAddress: null,
      metadata: { userId, reason: 'password' },
    });
    expect((await verify(lines)).findings).toEqual([]);
  });
});
