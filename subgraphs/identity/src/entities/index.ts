export * from './credential.js';
export * from './one-time-token.js';
export * from './refresh-token.js';
export * from './session.js';
export * from './signing-key.js';
export * from './user.js';
export * from './user-status.js';
