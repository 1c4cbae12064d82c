export * from './factor-events.js';
export * from './machine-events.js';
export * from './organization-events.js';
export * from './signing-key-events.js';
export * from './user-events.js';
