import { BadUserInput } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import { consistencyPath, type Hash, inclusionPath, type SignedCheckpoint } from '@platform/transparency-log';
import { validate as isUuid } from 'uuid';
import type { Checkpoints } from './checkpoints.js';
import { TileTree } from './stored-tree.js';

/** Shows that an entry is in the tree of a checkpoint. */
export interface InclusionProof {
  readonly index: number;
  readonly leaf: Hash;
  readonly path: readonly Hash[];
  readonly checkpoint: SignedCheckpoint;
}

/** Proofs that need nobody's word: with the log's public key they can be checked anywhere. */
export class ProofService {
  constructor(
    private readonly database: Database,
    private readonly checkpoints: Checkpoints,
  ) {}

  checkpoint(): Promise<SignedCheckpoint | null> {
    return this.checkpoints.latest();
  }

  /** Null for an unknown entry, and for one that no checkpoint covers yet. */
  async inclusion(entryId: string): Promise<InclusionProof | null> {
    if (!isUuid(entryId)) return null;
    const [row] = await this.database.read.query('SELECT sequence, leaf_hash FROM audit_entry WHERE id = $1', [
      entryId,
    ]);
    const checkpoint = await this.checkpoints.latest();
    if (!row || !checkpoint || Number(row.sequence) >= checkpoint.size) return null;
    const index = Number(row.sequence);
    const path = await inclusionPath(new TileTree(this.database.read, checkpoint.size), index, checkpoint.size);
    return { index, leaf: Buffer.from(row.leaf_hash, 'hex'), path, checkpoint };
  }

  /** Null when no checkpoint covers `to` entries yet. @throws BadUserInput for sizes that are none. */
  async consistency(from: string, to: string): Promise<readonly Hash[] | null> {
    const [fromSize, toSize] = [sizeIn(from, 'fromSize'), sizeIn(to, 'toSize')];
    if (fromSize > toSize) throw new BadUserInput({ fromSize: 'At most toSize.' });
    const checkpoint = await this.checkpoints.latest();
    if (!checkpoint || toSize > checkpoint.size) return null;
    return consistencyPath(new TileTree(this.database.read, toSize), fromSize, toSize);
  }
}

function sizeIn(text: string, name: string): number {
  const size = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(size)) throw new BadUserInput({ [name]: 'A whole number.' });
  return size;
}
