export { clipped, MAX_TEXT_UNITS, unstorable } from './characters.js';
export { emailAddress } from './email-address.js';
export {
  body,
  description,
  dottedWord,
  label,
  locale,
  opaque,
  organizationName,
  personName,
  reason,
  search,
  slug,
  tag,
  title,
  username,
} from './kinds.js';
export { normalised } from './normal-form.js';
export { password, spelledPassword } from './password.js';
export { slugFrom } from './slug-from.js';
export { readCondition, readIfFit, type TextKind } from './text-kind.js';
export { UnfitText } from './unfit-text.js';
