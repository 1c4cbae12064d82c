import type { Clock } from '@platform/foundation/clock';
import type { Database } from '@platform/postgres/database';
import type { CheckpointFiles } from '@platform/transparency-log';
import {
  type Checkpoint,
  type GrowingTree,
  type Hash,
  LEAVES_PER_LINE,
  type NoteSigner,
  NotWitnessed,
  rootOf,
  type SignedCheckpoint,
  signCheckpoint,
  type WitnessClient,
} from '@platform/transparency-log';
import type { EntityManager } from 'typeorm';
import { keysOf } from './hand-overs.js';
import type { Queries } from './queries.js';
import { fillTiles, LogDamaged, leavesBetween, TileTree } from './stored-tree.js';

/** Whether a checkpoint was made, there was nothing to make one of, or another process is at it. */
export type CheckpointOutcome = SignedCheckpoint | 'nothing new' | 'another process';

/** The process has a key that the log does not know, or that another one follows by now: it needs the new `audit.signingKey`. */
export class KeyNotInForce extends Error {
  override readonly name = 'KeyNotInForce';
}

/** A log that does not go on from what is kept is not read again for so long, in ms: that it reads the same is certain, and takes long where much has followed. */
const DAMAGE_REMEMBERED = 60 * 60 * 1_000;

/** Signs what the log has grown to. It never signs a tree that its last checkpoint is not the beginning of. */
export class Checkpoints {
  private damage: { readonly error: LogDamaged; readonly kept: number; readonly until: number } | undefined;

  constructor(
    private readonly database: Database,
    private readonly parts: {
      readonly signer: NoteSigner;
      readonly clock: Clock;
      readonly witness: WitnessClient | null;
      /** Where checkpoints are kept outside the database, given the log's id. */
      readonly filesOf: (logId: string) => CheckpointFiles | null;
      readonly onUnwitnessed: (reason: NotWitnessed) => void;
    },
  ) {}

  /** Adds a checkpoint over all entries, one process at a time. @throws LogDamaged when the log is not what was signed before. */
  make(): Promise<CheckpointOutcome> {
    return this.database.transaction(async (tx) => {
      const [{ held }] = await tx.query(`SELECT pg_try_advisory_xact_lock(hashtext('audit.checkpoint')) AS held`);
      if (!held) return 'another process';

      const { size, recordedAt } = await endOf(tx);
      const last = await this.latest(tx);
      if (last?.size === size || (size === 0 && !last)) return 'nothing new';
      if (last) await checkBeginning(new TileTree(tx, last.size), last, size);
      await fillTiles(tx, size);
      const tree = new TileTree(tx, size);

      const { origin } = await this.identity(tx);
      const root = await rootOf(tree, 0, size);
      const { signer, clock } = this.parts;
      const signedAt = new Date(Math.max(clock.now().getTime(), recordedAt, last?.signedAt.getTime() ?? 0));
      const checkpoint = { origin, size, root, signedAt };
      const refusal = (await keysOf(tx, signer)).refusal(signer, checkpoint);
      if (refusal) throw new KeyNotInForce(refusal);
      const made = signCheckpoint(checkpoint, signer);
      const note = await this.witnessed(made, tree);
      await tx.query('INSERT INTO checkpoint (tree_size, root_hash, note, signed_at) VALUES ($1, $2, $3, $4)', [
        size,
        root,
        note,
        made.signedAt,
      ]);
      return { ...made, note };
    });
  }

  /** What the log ends with and its newest checkpoint, by one statement: while neither changes, there is nothing to make or to keep. */
  async standing(): Promise<string> {
    const [row] = await this.database.read.query(
      `SELECT (SELECT sequence FROM audit_entry ORDER BY sequence DESC LIMIT 1) AS last,
              (SELECT note FROM checkpoint ORDER BY tree_size DESC LIMIT 1) AS note`,
    );
    return JSON.stringify(row);
  }

  /** Keeps the newest checkpoint in a file of this machine, whichever process made it. @throws LogDamaged when it does not go on from the last one kept. */
  async keep(): Promise<void> {
    const { id } = await this.identity(this.database.read);
    const files = this.parts.filesOf(id);
    if (!files) return;
    const newest = await this.latest(this.database.read);
    const kept = await files.keptTree();
    const size = newest?.size ?? 0;
    if (kept.size > size) {
      throw new LogDamaged(
        `The newest checkpoint covers ${size} entries; one of ${kept.size} is kept outside the database`,
      );
    }
    if (!newest) return;
    if (size === kept.size && kept.root().equals(newest.root)) return;
    const leaves = await this.leavesFrom(kept, newest);
    if (size > kept.size) await files.keep(newest, leaves);
  }

  /** The hashes that lead from the kept tree to the checkpoint, which are found once and, where they are many, read anew each time. */
  private async leavesFrom(kept: GrowingTree, newest: SignedCheckpoint): Promise<AsyncIterable<Hash[]> | Hash[][]> {
    const { read } = this.database;
    if (this.damage && this.damage.kept === kept.size && performance.now() < this.damage.until) throw this.damage.error;
    const few = newest.size - kept.size <= LEAVES_PER_LINE;
    const found: Hash[][] = [];
    const grown = kept.copy();
    if (few || (await this.goesOn(kept, newest.size))) {
      for await (const run of leavesBetween(read, kept.size, newest.size)) {
        for (const leaf of run) grown.append(leaf);
        if (few) found.push(run);
      }
    }
    if (grown.root().equals(newest.root)) return few ? found : leavesBetween(read, kept.size, newest.size);
    const error = new LogDamaged(
      `The checkpoint of ${newest.size} entries does not go on from that of ${kept.size}, which is kept outside the database`,
    );
    this.damage = { error, kept: kept.size, until: performance.now() + DAMAGE_REMEMBERED };
    throw error;
  }

  /** Whether the log has the kept tree at its beginning, by some few of its hashes. */
  private async goesOn(kept: GrowingTree, size: number): Promise<boolean> {
    if (kept.size === 0) return true;
    return (await rootOf(new TileTree(this.database.read, size), 0, kept.size)).equals(kept.root());
  }

  /** The newest checkpoint, with its signature checked. */
  async latest(database: Queries = this.database.read): Promise<SignedCheckpoint | null> {
    const [row] = await database.query('SELECT note FROM checkpoint ORDER BY tree_size DESC LIMIT 1');
    return row ? (await keysOf(database, this.parts.signer)).openCheckpoint(row.note) : null;
  }

  private async identity(database: Queries): Promise<{ id: string; origin: string }> {
    const [{ id }] = await database.query('SELECT id FROM log_identity');
    return { id, origin: `${this.parts.signer.name}/${id}` };
  }

  private async witnessed(checkpoint: SignedCheckpoint, tree: TileTree): Promise<string> {
    try {
      return (await this.parts.witness?.cosigned(checkpoint, tree)) ?? checkpoint.note;
    } catch (error) {
      if (!(error instanceof NotWitnessed)) throw error;
      this.parts.onUnwitnessed(error);
      return checkpoint.note;
    }
  }
}

/** How many entries there are, and when the last was recorded, in ms since the epoch. A checkpoint over them is not older, though the clock be set back. */
async function endOf(tx: EntityManager): Promise<{ size: number; recordedAt: number }> {
  const [row] = await tx.query(
    'SELECT sequence + 1 AS size, recorded_at AS "recordedAt" FROM audit_entry ORDER BY sequence DESC LIMIT 1',
  );
  return { size: Number(row?.size ?? 0), recordedAt: row?.recordedAt.getTime() ?? 0 };
}

async function checkBeginning(tree: TileTree, last: Checkpoint, size: number): Promise<void> {
  if (size < last.size) throw new LogDamaged(`The log has ${size} entries; its last checkpoint covers ${last.size}`);
  if (!(await rootOf(tree, 0, last.size)).equals(last.root)) {
    throw new LogDamaged(`The first ${last.size} entries are not those of the checkpoint over them`);
  }
}
