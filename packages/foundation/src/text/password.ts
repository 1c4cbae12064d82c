import { codePoints } from './characters.js';
import { normalised } from './normal-form.js';
import type { TextKind } from './text-kind.js';
import { UnfitText } from './unfit-text.js';

const LENGTH = { min: 8, max: 128 };
/** In UTF-16 code units, before it is normalised: as many as a decomposed password of the greatest length may take. */
const MAX_UNITS = 4 * LENGTH.max;

/** A password in one spelling (NFKC), however a keyboard composes its characters; its length is that of this spelling. */
export const password: TextKind = {
  read(text) {
    const spelled = text.length > MAX_UNITS ? '' : normalised(text, 'NFKC', MAX_UNITS);
    const length = codePoints(spelled);
    if (length < LENGTH.min || length > LENGTH.max)
      throw new UnfitText(`A password has ${LENGTH.min} to ${LENGTH.max} characters.`);
    return spelled;
  },
};

/** The spelling of what somebody says their password is; empty, which no password is, for what cannot be one. */
export function spelledPassword(text: string): string {
  try {
    return normalised(text, 'NFKC', MAX_UNITS);
  } catch (error) {
    if (error instanceof UnfitText) return '';
    throw error;
  }
}
