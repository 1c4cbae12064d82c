export * from './email-address.js';
export * from './input-check.js';
export * from './password.js';
export * from './profile.js';
export * from './username.js';
