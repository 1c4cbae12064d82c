import { unstorable } from './characters.js';
import { UnfitText } from './unfit-text.js';

/** Unicode normal forms: NFC keeps what characters look like, NFKC makes one of those that mean the same, NFKD takes them apart. */
export type NormalForm = 'NFC' | 'NFKC' | 'NFKD';

/**
 * The text in a normal form, the only place where one is made: measured before, as normalising takes quadratic time for what `unstorable` names.
 * @throws UnfitText for more than `maxUnits` UTF-16 code units, and for what cannot be stored.
 */
export function normalised(text: string, form: NormalForm, maxUnits: number): string {
  if (text.length > maxUnits) throw new UnfitText(`At most ${maxUnits} characters.`);
  const reason = unstorable(text);
  if (reason) throw new UnfitText(reason);
  return text.normalize(form);
}
