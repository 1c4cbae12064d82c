import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '@platform/audit';
import { entriesIn, type LogEntry, recomputedHash } from '@platform/audit/verification';
import { loginFailed } from '@platform/contracts';
import { eventually, PlatformProcess, SubgraphHarness } from '@platform/testkit';
import { CheckpointFiles } from '@platform/transparency-log';
import pg from 'pg';

/** Deliveries that do not wait for each other: more than there are connections would only wait for those. */
const AT_ONCE = 5;
const TABLES = ['audit_entry', 'tile', 'checkpoint', 'key_hand_over'];

/** An audit log with checkpoints kept beside it, and somebody who is superuser of its database. */
export class TamperedLog {
  private constructor(
    readonly harness: SubgraphHarness<typeof audit.sections>,
    readonly dataDir: string,
  ) {}

  /** @param folder where checkpoints are kept; a new one when left out. */
  static async start(set: string[] = [], folder?: string): Promise<TamperedLog> {
    const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'platform-audit-')));
    const options = { set: ['audit.storeCheckpoints=true', `platform.dataDir=${dataDir}`, ...set] };
    const harness = new SubgraphHarness(audit, options);
    await harness.start();
    return new TamperedLog(harness, dataDir);
  }

  async stop(): Promise<void> {
    await this.harness.stop();
    await rm(this.dataDir, { recursive: true });
  }

  /** Adds entries, and waits until a checkpoint over all of them is kept. */
  async record(entries: number): Promise<void> {
    await this.add(entries);
    await this.kept();
  }

  /** Adds entries. */
  async add(entries: number): Promise<void> {
    const events = Array.from({ length: entries }, () => {
      const userId = crypto.randomUUID();
      return { subject: userId, clientip: '203.0.113.7', data: { userId, reason: 'password' } };
    });
    while (events.length > 0) {
      await Promise.all(events.splice(0, AT_ONCE).map((event) => this.harness.deliver(loginFailed, event)));
    }
  }

  /** Lets entries be added before any checkpoint covers them, and has them recorded at a time of the past. @param recordedAt RFC 3339 in UTC with milliseconds */
  async addOfThePast(recordedAt: string, add: () => Promise<void>): Promise<void> {
    await this.harness.sql(`SELECT pg_advisory_lock(hashtext('audit.checkpoint'))`);
    await add();
    await this.harness.sql(`SET ROLE audit_owner`);
    await this.harness.sql(`SELECT make_partition($1)`, [`${recordedAt.slice(0, 7)}-01`]);
    await this.harness.sql(`RESET ROLE`);
    const aged = (await this.entries()).map((entry) => ({ ...entry, recordedAt }));
    const values = aged.map((entry) => `(${entry.sequence}, '${recomputedHash(entry).toString('hex')}')`);
    await this.unguarded(
      `UPDATE audit_entry SET recorded_at = '${recordedAt}', leaf_hash = aged.hash FROM (VALUES ${values}) AS aged (sequence, hash)
       WHERE audit_entry.sequence = aged.sequence`,
    );
    await this.harness.sql(`SELECT pg_advisory_unlock(hashtext('audit.checkpoint'))`);
  }

  /** Waits until a checkpoint over all entries is kept. */
  async kept(): Promise<void> {
    const [{ size }] = await this.harness.sql('SELECT max(sequence)::int + 1 AS size FROM audit_entry');
    const [{ id }] = await this.harness.sql('SELECT id FROM log_identity');
    await eventually(async () => {
      expect((await new CheckpointFiles(join(this.dataDir, 'audit', id)).keptTree()).size).toBe(size);
    });
  }

  /** Runs `platformctl audit verify` with what is kept on this machine. */
  verify(...args: string[]): Promise<{ code: number | null; printed: string }> {
    return this.verifyBeside(this.dataDir, ...args);
  }

  /** Runs `platformctl audit verify` where other checkpoints are kept, or none. */
  verifyBeside(dataDir: string, ...args: string[]): Promise<{ code: number | null; printed: string }> {
    return PlatformProcess.run(['audit', 'verify', ...args], { ...this.env, PLATFORM_DATA_DIR: dataDir });
  }

  /** Runs `platformctl audit …`. */
  run(...args: string[]): Promise<{ code: number | null; printed: string }> {
    return PlatformProcess.run(['audit', ...args], this.env);
  }

  get env(): Record<string, string> {
    return { PLATFORM_ENV: 'test', DATABASE_URL: this.harness.databaseUrl, PLATFORM_DATA_DIR: this.dataDir };
  }

  /** Runs a statement as the superuser who has switched the log's triggers off, and on again afterwards. */
  async unguarded(...statements: string[]): Promise<void> {
    const guarded = await this.guards();
    for (const { table } of guarded) await this.harness.sql(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    try {
      for (const statement of statements) await this.harness.sql(statement);
    } finally {
      const left = await this.guards();
      for (const { table, trigger } of left)
        await this.harness.sql(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger}`);
    }
  }

  /** Makes an entry say something else, with the hash that belongs to it. */
  async rewrite(sequence: number, changes: Partial<LogEntry>): Promise<void> {
    const entry = (await this.entries()).find((each) => each.sequence === String(sequence)) as LogEntry;
    const hash = recomputedHash({ ...entry, ...changes }).toString('hex');
    const { action = entry.action, recordedAt = entry.recordedAt } = changes;
    await this.unguarded(
      `UPDATE audit_entry SET action = '${action}', recorded_at = '${recordedAt}', leaf_hash = '${hash}' WHERE sequence = ${sequence}`,
    );
  }

  async entries(): Promise<LogEntry[]> {
    const client = new pg.Client({ connectionString: this.harness.databaseUrl, options: '-c search_path=audit' });
    await client.connect();
    try {
      await client.query('BEGIN');
      const entries: LogEntry[] = [];
      for await (const batch of entriesIn(client)) entries.push(...batch);
      return entries;
    } finally {
      await client.end();
    }
  }

  /** This month's partition. */
  async partition(): Promise<string> {
    const [{ name }] = await this.harness.sql('SELECT tableoid::regclass::text AS name FROM audit_entry LIMIT 1');
    return name;
  }

  private guards(): Promise<{ table: string; trigger: string }[]> {
    return this.harness.sql(
      `SELECT tgrelid::regclass::text AS "table", tgname AS trigger FROM pg_trigger
       WHERE NOT tgisinternal AND tgname LIKE 'refuse%' AND tgrelid::regclass::text ~ '^(${TABLES.join('|')})'`,
    );
  }
}
