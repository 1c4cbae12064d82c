import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loginFailed } from '@platform/contracts';
import type { Database } from '@platform/postgres/database';
import { eventually, SubgraphHarness } from '@platform/testkit';
import { CheckpointFiles, GrowingTree, noteSigner, storedLine } from '@platform/transparency-log';
import pg from 'pg';
import { audit } from '../src/main.js';
import { Checkpoints, LogDamaged } from '../src/services/index.js';

describe('a log that does not go on from the checkpoint that is kept of it', () => {
  const harness = new SubgraphHarness(audit, { set: ['audit.storeCheckpoints=false'] });
  const statements: string[] = [];
  let client: pg.Client;
  let folder: string;
  beforeAll(async () => {
    await harness.start();
    folder = await mkdtemp(join(tmpdir(), 'checkpoint-damage-'));
    client = new pg.Client({ connectionString: harness.databaseUrl, options: '-c search_path=audit' });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await harness.stop();
    await rm(folder, { recursive: true });
  });

  const query = async (text: string, values?: unknown[]) => {
    statements.push(text);
    return (await client.query(text, values)).rows;
  };
  const record = async (size: number): Promise<void> => {
    const userId = crypto.randomUUID();
    await harness.deliver(loginFailed, { subject: userId, data: { userId, reason: 'password' } });
    await eventually(async () => {
      expect(await harness.sql('SELECT max(tree_size)::int AS size FROM checkpoint')).toEqual([{ size }]);
    });
  };

  it('is read once, and told of in the same words from then on', async () => {
    const other = new GrowingTree();
    other.append(Buffer.alloc(32, 1));
    await writeFile(join(folder, '2026-11-30.jsonl'), storedLine('of another log', [Buffer.alloc(32, 1)], other));
    await record(1);
    await record(2);
    const { logName, signingKey } = harness.config.audit;
    const checkpoints = new Checkpoints({ read: { query } } as unknown as Database, {
      signer: noteSigner(logName, signingKey),
      clock: harness.clock,
      witness: null,
      filesOf: () => new CheckpointFiles(folder),
      onUnwitnessed: () => undefined,
    });
    const damage = await checkpoints.keep().catch((error: unknown) => error);
    expect(damage).toBeInstanceOf(LogDamaged);

    await record(3);
    statements.splice(0);
    expect(await checkpoints.keep().catch((error: unknown) => error)).toBe(damage);
    expect(statements.filter((text) => /leaf_hash|FROM tile/.test(text))).toEqual([]);
    expect(await readdir(folder)).toEqual(['2026-11-30.jsonl']);
  });
});
