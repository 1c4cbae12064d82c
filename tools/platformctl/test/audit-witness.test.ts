import { join } from 'node:path';
import { recomputedHash } from '@platform/audit/verification';
import { PlatformProcess } from '@platform/testkit';
import {
  GrowingTree,
  hashOfLeaf,
  noteSigner,
  openNote,
  readPrintedKey,
  signCheckpoint,
} from '@platform/transparency-log';
import { TamperedLog } from './tampered-log.js';

describe('a witness of the audit log', () => {
  let log: TamperedLog;
  let witness: PlatformProcess;
  let [url, key] = ['', ''];
  const state = () => join(log.dataDir, 'witness', 'seen.jsonl');

  beforeAll(async () => {
    const unwitnessed = await TamperedLog.start();
    const logKey = (await unwitnessed.run('key')).printed.trim();
    const folder = unwitnessed.dataDir;
    const start = [
      '--log-key',
      logKey,
      '--key',
      join(folder, 'key.json'),
      '--state',
      join(folder, 'witness', 'seen.jsonl'),
    ];
    witness = PlatformProcess.start(['audit', 'witness', '--port', '0', ...start]);
    [, key = '', url = ''] = await witness.prints(/The witness (\S+) listens on (\S+)/);
    log = await TamperedLog.start(
      [`audit.witnessUrl=${url}`, `audit.witnessKey=${key}`, 'audit.witnessTimeout=10s'],
      folder,
    );
    await unwitnessed.harness.stop();
    await log.record(4);
    await log.record(4);
  });
  afterAll(async () => {
    await witness.end();
    await log.stop();
  });

  const forgedCheckpoint = async (size: number, last: string) => {
    const { logName, signingKey } = log.harness.config.audit;
    const tree = new GrowingTree();
    for (const entry of (await log.entries()).slice(0, size - 1)) tree.append(recomputedHash(entry));
    tree.append(hashOfLeaf(last));
    const [{ id }] = await log.harness.sql('SELECT id FROM log_identity');
    return signCheckpoint(
      { origin: `${logName}/${id}`, size, root: tree.root(), signedAt: new Date() },
      noteSigner(logName, signingKey),
    );
  };
  const submit = (old: number, note: string) =>
    fetch(`${url}/add-checkpoint`, { method: 'POST', body: `old ${old}\n\n${note}` });

  it('cosigns every checkpoint that goes on from the last one', async () => {
    const rows = await log.harness.sql('SELECT note FROM checkpoint ORDER BY tree_size');
    expect(rows.length).toBeGreaterThanOrEqual(2);
    for (const { note } of rows) expect(openNote(note, readPrintedKey(key))).toContain('localhost/audit/');
  });

  it('refuses another history of what it has seen, also when the log’s own key has signed it', async () => {
    const forged = await forgedCheckpoint(8, 'another eighth entry');
    expect((await submit(8, forged.note)).status).toBe(422);
    const smaller = await forgedCheckpoint(7, 'another seventh entry');
    const answer = await submit(0, smaller.note);
    expect([answer.status, await answer.text()]).toEqual([409, '8\n']);
  });

  it('refuses what the log has not signed, and what is no request', async () => {
    const { note } = await forgedCheckpoint(8, 'x');
    expect((await submit(8, note.replace('\n8\n', '\n9\n'))).status).toBe(403);
    expect((await submit(8, 'nonsense')).status).toBe(403);
    expect((await fetch(`${url}/add-checkpoint`, { method: 'POST', body: 'nonsense' })).status).toBe(400);
  });

  it('gives away whoever cuts the log or replays an old checkpoint', async () => {
    const elsewhere = join(log.dataDir, 'elsewhere');
    expect((await log.verifyBeside(elsewhere, '--checkpoints', state())).code).toBe(0);
    await log.unguarded('DELETE FROM audit_entry WHERE sequence >= 4', 'DELETE FROM checkpoint WHERE tree_size > 4');
    expect((await log.verifyBeside(elsewhere)).code).toBe(0);
    const { code, printed } = await log.verifyBeside(elsewhere, '--checkpoints', state());
    expect(printed).toContain('the first bad entry is 4.');
    expect(printed).toMatch(
      /entries 4 to 7, the last, were cut off: the checkpoint of 8 entries in .+seen\.jsonl covers 8 entries/,
    );
    expect(code).toBe(1);
  });
});
