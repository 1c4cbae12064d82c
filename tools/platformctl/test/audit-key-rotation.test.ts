import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, PlatformProcess } from '@platform/testkit';
import { noteSigner, signCheckpoint, signHandOver } from '@platform/transparency-log';
import { TamperedLog } from './tampered-log.js';

describe('the rotation of the audit log’s key', () => {
  let log: TamperedLog;
  let keyFile: string;
  let [firstKey, secondKey] = ['', ''];
  /** Entries that the second key's last checkpoint covers. */
  let signed: number;

  const rotate = (...args: string[]) => log.run('rotate-key', '--new-key', keyFile, ...args);
  const origin = async () => {
    const [{ id }] = await log.harness.sql('SELECT id FROM log_identity');
    return `${log.harness.config.audit.logName}/${id}`;
  };

  beforeAll(async () => {
    log = await TamperedLog.start();
    keyFile = join(log.dataDir, 'next.json');
    firstKey = (await log.run('key')).printed.trim();
    await log.record(6);
    const { code, printed } = await rotate('--overlap', '0s');
    [, secondKey = ''] = /Entry 6 announces the key (\S+)/.exec(printed) ?? [];
    expect([code, secondKey]).toEqual([0, expect.stringContaining('localhost/audit+')]);
    await log.add(1);
  });
  afterAll(() => log.stop());

  it('ends what the old key may sign, and says so', async () => {
    await eventually(() => {
      expect(log.harness.unexpected).toContainEqual(expect.objectContaining({ name: 'KeyNotInForce' }));
    });
    expect((await log.verify()).printed).toContain('Its first 6 entries are those that were signed.');
  });

  it('lets a process with the new key go on, and the log be verified by either', async () => {
    const process = PlatformProcess.start(['dev'], {
      ...log.env,
      SERVER_PORT: '0',
      AUDIT_SIGNING_KEY: await readFile(keyFile, 'utf8'),
    });
    await process.prints(/GraphQL and explorer/);
    await process.end();

    [{ size: signed }] = await log.harness.sql('SELECT max(tree_size)::int AS size FROM checkpoint');
    expect(signed).toBeGreaterThanOrEqual(8);
    for (const key of [firstKey, secondKey]) {
      const { code, printed } = await log.verify('--public-key', key);
      const whole = `Its first ${signed} entries are those that were signed.`;
      expect([code, printed]).toEqual([0, expect.stringContaining(whole)]);
    }
  });

  it('is in every export, so that one key is enough far from the database', async () => {
    for (const selection of [[], ['--action', 'platform.audit.']]) {
      const file = join(log.dataDir, `export-${selection.length}.jsonl`);
      expect(await log.run('export', '--output', file, ...selection)).toEqual({ code: 0, printed: '' });
      for (const key of [firstKey, secondKey]) {
        const { code, printed } = await log.run('verify', '--export', file, '--public-key', key);
        expect([code, printed]).toEqual([0, expect.stringContaining('The log is whole.')]);
      }
    }
  });

  it('is not done twice by one key, nor with one that the log has had', async () => {
    expect(await rotate()).toMatchObject({ code: 1, printed: expect.stringContaining('has had this key before') });
    keyFile = join(log.dataDir, 'another.json');
    expect(await rotate()).toMatchObject({ code: 1, printed: expect.stringContaining('has handed over already') });
  });

  it('cannot be forged by a superuser: a key that no key of the log has announced is refused', async () => {
    const { logName, signingKey } = log.harness.config.audit;
    const { privateKey } = generateKeyPairSync('ed25519');
    const forger = noteSigner(logName, JSON.stringify(privateKey.export({ format: 'jwk' })));
    const [{ root }] = await log.harness.sql(
      `SELECT encode(root_hash, 'hex') AS root FROM checkpoint WHERE tree_size = $1`,
      [signed],
    );
    const checkpoint = { origin: await origin(), size: signed, root: Buffer.from(root, 'hex'), signedAt: new Date() };
    const statement = signHandOver(checkpoint.origin, new Date(), { ...forger, ...publicOf(signingKey) }, forger);
    await log.unguarded(
      `UPDATE key_hand_over SET note = $$${statement}$$`,
      `UPDATE checkpoint SET note = $$${signCheckpoint(checkpoint, forger).note}$$ WHERE tree_size = ${signed}`,
    );

    const { code, printed } = await log.verify('--public-key', firstKey);
    expect(code).toBe(1);
    expect(printed).toContain('the first bad entry is 6');
    expect(printed).toMatch(/a checkpoint in the database is forged: .* with a key that the log has announced/);

    function publicOf(jwk: string) {
      const { name, kind, keyId, publicKey } = noteSigner(logName, jwk);
      return { name, kind, keyId, publicKey };
    }
  });
});
