import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userDeleted } from '@platform/contracts';
import { eventually, PlatformProcess } from '@platform/testkit';
import { TamperedLog } from './tampered-log.js';

const EXPORT =
  'mutation ($filter: AuditFilter, $format: AuditExportFormat!) { exportAuditEntries(filter: $filter, format: $format) { jobId } }';

describe('an export of the audit log', () => {
  let log: TamperedLog;
  let key: string;
  const file = (name: string) => join(log.dataDir, name);
  const write = async (name: string, ...args: string[]) => {
    expect(await log.run('export', '--output', file(name), ...args)).toEqual({ code: 0, printed: '' });
    return (await readFile(file(name), 'utf8')).trimEnd().split('\n');
  };
  /** Far from the database and its secrets. */
  const verifyOffline = async (name: string, lines?: string[]) => {
    if (lines) await writeFile(file(name), `${lines.join('\n')}\n`);
    return PlatformProcess.run(['audit', 'verify', '--export', file(name), '--public-key', key], {
      PLATFORM_ENV: 'production',
    });
  };

  beforeAll(async () => {
    log = await TamperedLog.start();
    await log.record(6);
    await log.record(6);
    key = (await log.run('key')).printed.trim();
  }, 60_000);
  afterAll(() => log.stop(), 30_000);

  it('is verified with nothing but the public key', async () => {
    await write('whole.jsonl');
    const { code, printed } = await verifyOffline('whole.jsonl');
    expect(printed).toContain('The log is whole. Its first 12 entries are those that were signed.');
    expect(code).toBe(0);
  });

  it.each([
    [
      'edited',
      5,
      (lines: string[]) =>
        lines.map((line) => (line.includes('"sequence":"5"') ? line.replace('login_failed', 'logged_in') : line)),
    ],
    ['removed', 5, (lines: string[]) => lines.filter((line) => !line.includes('"sequence":"5"'))],
    [
      'cut off',
      9,
      (lines: string[]) =>
        lines.slice(
          0,
          lines.findIndex((line) => line.includes('"sequence":"9"')),
        ),
    ],
    [
      'made to come from elsewhere',
      5,
      (lines: string[]) =>
        lines.map((line) => (line.includes('"sequence":"5"') ? line.replace('203.0.113.7', '203.0.113.8') : line)),
    ],
  ])('names the entry that was %s', async (what, sequence, tamper) => {
    const name = `${what}.jsonl`;
    const { code, printed } = await verifyOffline(name, tamper(await write(name)));
    expect(printed).toContain(`the first bad entry is ${sequence}.`);
    expect(code).toBe(1);
  });

  it('of a selection has a proof for each entry', async () => {
    const [entry] = (await log.entries()).slice(7);
    const lines = await write('selection.jsonl', '--resource-id', entry?.resourceId ?? '');
    expect(lines).toHaveLength(2);
    expect(await verifyOffline('selection.jsonl')).toMatchObject({
      code: 0,
      printed: expect.stringContaining('1 entries'),
    });
    const { code, printed } = await verifyOffline(
      'selection.jsonl',
      lines.map((line) => line.replace('login_failed', 'logged_in')),
    );
    expect(printed).toContain('the first bad entry is 7.');
    expect(code).toBe(1);
  });

  it('signed by somebody else is refused', async () => {
    await write('foreign.jsonl');
    const mine = key;
    key = (
      await log.run(
        'key',
        '--set',
        'audit.signingKey={"kty":"OKP","crv":"Ed25519","x":"jMHV5z2TZPiztNS38W-Hkob6wrMxkA1a2_6fDEhh7Tg","d":"ypYCvbPM0h8bBE_4VsNU0SjfbFePhqRlYf5nOVbJduU"}',
      )
    ).printed.trim();
    const { code, printed } = await verifyOffline('foreign.jsonl');
    key = mine;
    expect(printed).toContain('forged');
    expect(code).toBe(1);
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

  it('verifies also where a person was erased', async () => {
    const [entry] = await log.entries();
    const userId = entry?.resourceId ?? '';
    await log.harness.deliver(userDeleted, { subject: userId, data: { userId } });
    await log.kept();
    const lines = await write('erased.jsonl');
    expect(JSON.parse(lines.find((line) => line.includes('"sequence":"0"')) ?? '{}')).toMatchObject({
      erased: true,
      metadata: null,
    });
    expect((await verifyOffline('erased.jsonl')).code).toBe(0);
  });
});
