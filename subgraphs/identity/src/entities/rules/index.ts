export { emailAddress, knownAs } from './email-address.js';
export { InputCheck } from './input-check.js';
export { newPassword } from './password.js';
export { locale, personName, reason } from './profile.js';
export { randomUsername, username } from './username.js';
