export * from './checkpoint.js';
export * from './hand-over.js';
export * from './log-keys.js';
export * from './merkle-tree.js';
export * from './proofs.js';
export * from './signed-note.js';
export * from './tiles.js';
