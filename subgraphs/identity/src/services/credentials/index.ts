export * from './credentials.js';
export * from './known-networks.js';
export * from './login-throttle.js';
export * from './password-hasher.js';
