export { AccessTokens, type TokenResponse } from './access-tokens.js';
export { KeyRotation } from './key-rotation.js';
export { OneTimeTokens } from './one-time-tokens.js';
export { type RefreshOutcome, RefreshTokens } from './refresh-tokens.js';
export { RoleNames } from './role-names.js';
export { rotationSchedule } from './rotation-schedule.js';
export { secretHash } from './secret-text.js';
export { SigningKeys } from './signing-keys.js';
