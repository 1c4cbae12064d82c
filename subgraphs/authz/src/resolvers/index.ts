export * from './decision.resolver.js';
export * from './grant-holder.resolver.js';
export * from './identity.resolver.js';
export * from './permission.resolver.js';
export * from './references.js';
export * from './role.resolver.js';
export * from './user.resolver.js';
