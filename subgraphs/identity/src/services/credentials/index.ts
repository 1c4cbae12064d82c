export { type CredentialCheck, Credentials } from './credentials.js';
export { KnownNetworks } from './known-networks.js';
export { LoginThrottle } from './login-throttle.js';
export { PasswordHasher } from './password-hasher.js';
