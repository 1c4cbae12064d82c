export { CheckpointWindow } from './checkpoint-window.js';
export { entriesIn } from './database-entries.js';
export type { Verdict } from './finding.js';
export { checkpointsAt } from './found-checkpoints.js';
export { RunWindow, TileWindow } from './hash-windows.js';
export { type LogEntry, recomputedHash } from './log-entry.js';
export { LogVerifier } from './log-verifier.js';
export { type StoredCheckpoints, unannounced, verifyDatabase } from './verify-database.js';
