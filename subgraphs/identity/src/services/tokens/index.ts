export * from './access-tokens.js';
export * from './key-rotation.js';
export * from './one-time-tokens.js';
export * from './refresh-tokens.js';
export * from './role-names.js';
export * from './rotation-schedule.js';
export * from './signing-keys.js';
