export * from './organization-events.js';
export * from './signing-key-events.js';
export * from './user-events.js';
