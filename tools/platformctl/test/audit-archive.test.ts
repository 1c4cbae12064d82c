import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TamperedLog } from './tampered-log.js';

const OLD = '2020-01-15T12:00:00.000Z';

describe('platformctl audit archive', () => {
  let log: TamperedLog;

  /** A log whose first 300 entries are of January 2020. */
  beforeAll(async () => {
    log = await TamperedLog.start();
    await log.addOfThePast(OLD, () => log.add(300));
    await log.record(300);
  });
  afterAll(() => log.stop());

  it('moves old months out of the database, of which every entry can still be verified', async () => {
    const { code, printed } = await log.run('archive');
    expect(printed).toMatch(
      /audit_entry_2020_01: entries 0 to 299 are in .+audit_entry_2020_01\.jsonl\n1 months were archived\./,
    );
    expect(code).toBe(0);
    expect(await log.harness.sql('SELECT min(sequence)::int AS first FROM audit_entry')).toEqual([{ first: 300 }]);
    expect(await log.harness.sql(`SELECT to_regclass('audit_entry_2020_01') AS partition`)).toEqual([
      { partition: null },
    ]);

    await log.kept();
    expect(await log.verify()).toMatchObject({
      code: 0,
      printed: expect.stringContaining('The log is whole. Its first 601'),
    });
    const entries = await log.entries();
    expect(entries.at(-1)).toMatchObject({ action: 'platform.audit.archived', resourceId: 'audit_entry_2020_01' });
    expect((await log.run('archive')).printed).toBe('No month is old enough.\n');
  });

  it('leaves an archive that nobody can change unseen', async () => {
    const [{ id }] = await log.harness.sql('SELECT id FROM log_identity');
    const file = join(log.dataDir, 'audit', id, 'archive', 'audit_entry_2020_01.jsonl');
    const archived = await readFile(file, 'utf8');
    await writeFile(file, archived.replace(/("sequence":"41".*?)login_failed/, '$1logged_in'));
    const { code, printed } = await log.verify();
    expect(printed).toContain('entry 41 in the archive is not the one that was recorded there');
    expect(code).toBe(1);
    await writeFile(file, archived.split('\n').slice(0, 200).join('\n'));
    expect((await log.verify()).printed).toContain('the first bad entry is 200.');
  });
});
