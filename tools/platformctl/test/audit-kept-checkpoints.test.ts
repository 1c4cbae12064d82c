import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@platform/testkit';
import { CheckpointFiles } from '@platform/transparency-log';
import { TamperedLog } from './tampered-log.js';

describe('checkpoints that are kept outside the database', () => {
  let log: TamperedLog | undefined;
  afterEach(() => log?.stop());

  const ready = async (of: TamperedLog) => JSON.parse((await of.harness.get('/ready')).body);

  it('are told in /ready, and once in the log, while they cannot be written; recording and signing go on, and what was missed follows', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'platform-audit-'));
    // Where the folder should be there is a file: not even root can write below it.
    await writeFile(join(dataDir, 'audit'), '');
    log = await TamperedLog.start([], dataDir);
    const { harness } = log;

    await log.add(4);
    await eventually(async () => {
      expect(await harness.sql('SELECT max(tree_size)::int AS size FROM checkpoint')).toEqual([{ size: 4 }]);
    });
    await eventually(async () => {
      expect((await ready(log as TamperedLog)).checks['audit-checkpoints']).toMatchObject({ status: 'failed' });
    });
    await log.add(4);
    await eventually(async () => {
      expect(await harness.sql('SELECT max(tree_size)::int AS size FROM checkpoint')).toEqual([{ size: 8 }]);
    });
    expect(harness.unexpected).toHaveLength(1);

    await rm(join(dataDir, 'audit'));
    await log.kept();
    // A line can be read a moment before it is on the disk, and only then is the failure over.
    await eventually(async () => expect((await ready(log as TamperedLog)).status).toBe('ready'));
    expect((await log.verify()).code).toBe(0);
  });

  it('go on in a new line behind one that a full disk has cut off', async () => {
    log = await TamperedLog.start();
    await log.record(3);
    const [{ id }] = await log.harness.sql('SELECT id FROM log_identity');
    const folder = join(log.dataDir, 'audit', id);
    const [file = ''] = await readdir(folder);
    await appendFile(join(folder, file), '{"note":"localhost/audit/');

    await log.record(3);

    const covered: number[] = [];
    for await (const { from, leaves } of new CheckpointFiles(folder).read()) {
      expect(from).toBe(covered.at(-1) ?? 0);
      covered.push(from + leaves.length);
    }
    expect(covered.at(-1)).toBe(6);
    expect((await log.verify()).code).toBe(0);
  });
});
