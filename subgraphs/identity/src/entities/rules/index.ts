export { emailAddress, knownAs } from './email-address.js';
export { InputCheck, InvalidValue } from './input-check.js';
export { machineDescription, machineName } from './machine.js';
export { organizationName, organizationSlug, suggestedSlug } from './organization.js';
export { newPassword } from './password.js';
export { locale, passkeyName, personName, reason } from './profile.js';
export { randomUsername, username } from './username.js';
