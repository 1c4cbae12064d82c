export * from './events.generated.js';
export * from './permissions.generated.js';
export * from './personal-data.js';
export * from './reported-actions.js';
