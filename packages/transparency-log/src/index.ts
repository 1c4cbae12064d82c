export { type Checkpoint, openCheckpoint, type SignedCheckpoint, signCheckpoint } from './checkpoint.js';
export { CheckpointFiles } from './checkpoint-files.js';
export { openHandOver, signHandOver } from './hand-over.js';
export { linesOf } from './lines-of.js';
export { type AnnouncedHandOver, LogKeys } from './log-keys.js';
export { GrowingTree, HASH_BYTES, type Hash, hashOfLeaf, hexHashOfLeaf, perfectRoot } from './merkle-tree.js';
export {
  consistencyPath,
  inclusionPath,
  rootOf,
  type StoredTree,
  verifyConsistency,
  verifyInclusion,
} from './proofs.js';
export {
  BadNote,
  type NoteSigner,
  type NoteVerifier,
  noteSigner,
  openNote,
  printedKey,
  readPrintedKey,
} from './signed-note.js';
export { LEAVES_PER_LINE, storedLine } from './stored-line.js';
export { hashesIn, TILE_HEIGHT, TILE_WIDTH } from './tiles.js';
export { Witness } from './witness.js';
export { NotWitnessed, WitnessClient } from './witness-client.js';
