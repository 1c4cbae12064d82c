export { SoftwareAuthenticator } from './software-authenticator.js';
export { totpCode } from './totp-code.js';
