export * from './credential.entity.js';
export * from './one-time-token.entity.js';
export * from './refresh-token.entity.js';
export * from './registration.entity.js';
export * from './session.entity.js';
export * from './signing-key.entity.js';
export * from './user.entity.js';
export * from './user-status.js';
