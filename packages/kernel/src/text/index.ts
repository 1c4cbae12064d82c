export { clipped, codePoints, MAX_TEXT_UNITS, unstorable } from './characters.js';
export * from './email-address.js';
export * from './kinds.js';
export * from './normal-form.js';
export * from './password.js';
export * from './text-kind.js';
export * from './unfit-text.js';
