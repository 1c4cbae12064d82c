export * from './events/blog-events.js';
export * from './events/personal-data.js';
export * from './events/role-events.js';
export * from './events/signing-key-events.js';
export * from './events/user-events.js';
export * from './permissions.generated.js';
export * from './reported-actions.js';
