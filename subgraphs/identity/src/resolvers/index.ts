export { AccountResolver } from './account.resolver.js';
export { AccountStateResolver } from './account-state.resolver.js';
export { references } from './references.js';
export { RegistrationResolver } from './registration.resolver.js';
export { SessionResolver } from './session.resolver.js';
export { SigningKeyResolver } from './signing-key.resolver.js';
export { UserResolver } from './user.resolver.js';
