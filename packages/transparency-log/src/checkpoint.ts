import type { Hash } from './merkle-tree.js';
import { BadNote, type NoteSigner, type NoteVerifier, openNote, signNote } from './signed-note.js';

/** What the log vouches for: its first `size` entries have this root. */
export interface Checkpoint {
  /** Which log it is of. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
  readonly signedAt: Date;
}

/** A checkpoint with the note that proves it. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
}

/** The C2SP's tlog-checkpoint: origin, size and root, with the time of signing as an extension line. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): SignedCheckpoint {
  const { origin, size, root, signedAt } = checkpoint;
  const text = `${origin}\n${size}\n${root.toString('base64')}\n${signedAt.toISOString()}\n`;
  return { ...checkpoint, note: signNote(text, signer) };
}

/** Reads a checkpoint that the verifier has signed. @throws BadNote */
export function openCheckpoint(note: string, verifier: NoteVerifier): SignedCheckpoint {
  const [origin, size = '', root = '', time = ''] = openNote(note, verifier).split('\n');
  const checkpoint = {
    origin: origin as string,
    size: Number(size),
    root: Buffer.from(root, 'base64'),
    signedAt: new Date(time),
    note,
  };
  const wellFormed = /^(0|[1-9]\d*)$/.test(size) && Number.isSafeInteger(checkpoint.size);
  if (!origin || !wellFormed || checkpoint.root.length !== 32 || Number.isNaN(checkpoint.signedAt.getTime())) {
    throw new BadNote('The note is no checkpoint.');
  }
  return checkpoint;
}
