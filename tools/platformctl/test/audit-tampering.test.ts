import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recomputedHash } from '@platform/audit/verification';
import { GrowingTree, noteSigner, signCheckpoint } from '@platform/transparency-log';
import { TamperedLog } from './tampered-log.js';

const RESTRICT_VIOLATION = { code: '23001' };

describe('a superuser of the database', () => {
  let log: TamperedLog;
  /** As a superuser without triggers in the way. */
  const tamper = (...statements: string[]) => log.unguarded(...statements);
  const finds = async (sequence: number, message: RegExp) => {
    const { code, printed } = await log.verify();
    expect(printed).toContain(`the first bad entry is ${sequence}.`);
    expect(printed).toMatch(message);
    expect(code).toBe(1);
  };

  beforeEach(async () => {
    log = await TamperedLog.start();
    await log.record(4);
    await log.record(4);
    await log.record(4);
  });
  afterEach(() => log.stop());

  it('who changes nothing is not accused', async () => {
    const { code, printed } = await log.verify();
    expect(printed).toContain('The log is whole. Its first 12 entries are those that were signed.');
    expect(code).toBe(0);
  });

  it('is caught editing an entry', async () => {
    await tamper(`UPDATE audit_entry SET action = 'harmless' WHERE sequence = 5`);
    await finds(5, /entry 5 \([-0-9a-f]{36}\) is not the one that was recorded there/);
  });

  it('is caught editing an entry and its hash', async () => {
    await log.rewrite(5, { action: 'harmless' });
    await finds(5, /entry 5 \([-0-9a-f]{36}\) is not the one that was recorded there/);
  });

  it('is caught editing an entry and its hash by the signed checkpoints alone', async () => {
    await log.rewrite(5, { action: 'harmless' });
    const elsewhere = await mkdtemp(join(tmpdir(), 'platform-elsewhere-'));
    const { code, printed } = await log.verifyBeside(elsewhere);
    await rm(elsewhere, { recursive: true });
    expect(printed).toContain('the first bad entry is 4.');
    expect(printed).toContain('one of the entries 4 to 7 is not what was signed');
    expect(code).toBe(1);
  });

  it('is caught deleting an entry', async () => {
    await tamper('DELETE FROM audit_entry WHERE sequence = 5');
    await finds(5, /entry 5 is missing/);
  });

  it('is caught inserting an entry in the middle', async () => {
    await tamper(
      'UPDATE audit_entry SET sequence = sequence + 1000 WHERE sequence >= 6',
      'UPDATE audit_entry SET sequence = sequence - 999 WHERE sequence >= 1000',
      `CREATE TEMP TABLE copy AS SELECT * FROM audit_entry WHERE sequence = 5`,
      `INSERT INTO audit_entry SELECT (jsonb_populate_record(copy, jsonb_build_object('id', gen_random_uuid(), 'sequence', 6))).* FROM copy`,
    );
    await finds(6, /entry 6 \([-0-9a-f]{36}\) is not the one that was recorded there/);
  });

  it('is caught reordering entries', async () => {
    await tamper(
      'UPDATE audit_entry SET sequence = sequence + 1000 WHERE sequence BETWEEN 3 AND 6',
      'UPDATE audit_entry SET sequence = CASE sequence WHEN 1003 THEN 6 ELSE sequence - 1001 END WHERE sequence >= 1000',
    );
    await finds(3, /entry 3 \([-0-9a-f]{36}\) is not the one that was recorded there/);
  });

  it('is caught swapping two entries', async () => {
    await tamper(
      'UPDATE audit_entry SET sequence = sequence + 1000 WHERE sequence IN (4, 8)',
      'UPDATE audit_entry SET sequence = CASE sequence WHEN 1004 THEN 8 ELSE 4 END WHERE sequence >= 1000',
    );
    await finds(4, /entry 8 \([-0-9a-f]{36}\) is not the one that was recorded there/);
  });

  it('is refused a forged sequence, and caught forcing it', async () => {
    const forged = `INSERT INTO audit_entry SELECT (jsonb_populate_record(entry, jsonb_build_object('id', gen_random_uuid(), 'sequence', 40))).*
      FROM audit_entry AS entry WHERE sequence = 11`;
    await expect(log.harness.sql(forged)).rejects.toMatchObject(RESTRICT_VIOLATION);
    await tamper(forged);
    await finds(12, /entries 12 to 39 are missing/);
  });

  it('is refused a forged time, and caught forcing it', async () => {
    const [, , last] = (await log.entries()).slice(-3);
    const earlier = new Date(Date.parse(last?.recordedAt ?? '') - 1).toISOString();
    const forged = { ...last, sequence: '12', recordedAt: earlier, id: crypto.randomUUID() } as NonNullable<
      typeof last
    >;
    const insert = `INSERT INTO audit_entry SELECT (jsonb_populate_record(entry, '${JSON.stringify({
      id: forged.id,
      sequence: 12,
      recorded_at: earlier,
      leaf_hash: recomputedHash(forged).toString('hex'),
    })}')).* FROM audit_entry AS entry WHERE sequence = 11`;
    await expect(log.harness.sql(insert)).rejects.toMatchObject(RESTRICT_VIOLATION);
    await tamper(insert);
    await finds(12, /entry 12 \([-0-9a-f]{36}\) was recorded before the one that it follows/);
  });

  it('is caught cutting the tail', async () => {
    await tamper('DELETE FROM audit_entry WHERE sequence >= 9');
    await finds(9, /entries 9 to 11, the last, were cut off/);
  });

  it('is refused truncating a partition, and caught forcing it', async () => {
    const partition = await log.partition();
    await expect(log.harness.sql(`TRUNCATE ${partition}`)).rejects.toMatchObject(RESTRICT_VIOLATION);
    await tamper(`TRUNCATE ${partition}`);
    await finds(0, /entries 0 to 11, the last, were cut off/);
  });

  it('is caught detaching a partition and dropping it', async () => {
    const partition = await log.partition();
    await log.harness.sql(`ALTER TABLE audit_entry DETACH PARTITION ${partition}`);
    await finds(0, new RegExp(`partition ${partition} is detached from the log`));
    await log.harness.sql(`DROP TABLE ${partition}`);
    await finds(0, /entries 0 to 11, the last, were cut off/);
  });

  it('is caught switching triggers off, before anything else is done', async () => {
    const partition = await log.partition();
    await log.harness.sql(`ALTER TABLE ${partition} DISABLE TRIGGER refuse_change`);
    await log.harness.sql('DROP TRIGGER refuse_change ON checkpoint');
    const { code, printed } = await log.verify();
    expect(printed).toContain(`trigger refuse_change of ${partition} is switched off`);
    expect(printed).toContain('trigger refuse_change of checkpoint is gone');
    expect(code).toBe(1);
  });

  it('is refused in replica mode', async () => {
    await log.harness.sql('SET session_replication_role = replica');
    const partition = await log.partition();
    for (const change of [
      `UPDATE ${partition} SET action = 'harmless'`,
      `DELETE FROM audit_entry`,
      `TRUNCATE ${partition}`,
      `INSERT INTO ${partition} SELECT (jsonb_populate_record(entry, jsonb_build_object('id', gen_random_uuid(), 'sequence', 40))).* FROM audit_entry AS entry WHERE sequence = 11`,
      'DELETE FROM tile',
      'UPDATE checkpoint SET tree_size = 1',
    ]) {
      await expect(log.harness.sql(change)).rejects.toMatchObject(RESTRICT_VIOLATION);
    }
    expect((await log.verify()).code).toBe(0);
  });

  it('is caught replaying an old checkpoint', async () => {
    await tamper('DELETE FROM audit_entry WHERE sequence >= 8', 'DELETE FROM checkpoint WHERE tree_size > 8');
    await finds(8, /entries 8 to 11, the last, were cut off: the checkpoint of 12 entries in .+ covers 12 entries/);
  });

  it('is caught changing the stored tree', async () => {
    await log.record(256);
    await tamper(
      `UPDATE tile SET hashes = overlay(hashes PLACING decode(repeat('00', 32), 'hex') FROM 1 + 32 * 20) WHERE level = 0`,
    );
    await finds(20, /the stored tree was changed at entry 20/);
  });

  it('who has the signing key, too, is caught showing another history', async () => {
    const { logName, signingKey } = log.harness.config.audit;
    await log.rewrite(9, { action: 'harmless' });
    const tree = new GrowingTree();
    for (const entry of await log.entries()) tree.append(recomputedHash(entry));
    const [{ id }] = await log.harness.sql('SELECT id FROM log_identity');
    const forged = signCheckpoint(
      { origin: `${logName}/${id}`, size: 12, root: tree.root(), signedAt: new Date() },
      noteSigner(logName, signingKey),
    );
    await tamper(
      `UPDATE checkpoint SET root_hash = decode('${forged.root.toString('hex')}', 'hex'), note = $$${forged.note}$$ WHERE tree_size = 12`,
    );

    await finds(9, /split view: the checkpoint of 12 entries in .+ and .+ are both signed and disagree/);
    const published = join(log.dataDir, 'published.txt');
    const elsewhere = join(log.dataDir, 'elsewhere');
    await writeFile(published, forged.note);
    expect((await log.verifyBeside(elsewhere)).code).toBe(0);
    expect((await log.verifyBeside(elsewhere, '--checkpoints', published)).code).toBe(0);
  });
});
