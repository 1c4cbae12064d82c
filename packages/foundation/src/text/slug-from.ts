import { normalised } from './normal-form.js';

/** In UTF-16 code units, of a name that has become lower case. */
const MAX_UNITS = 1_000;

const SPELLED_OUT: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th' };

/** The slug that a name suggests, of at most `max` characters: "Crème brûlée, warm" → `creme-brulee-warm`; undefined when nothing of the name can be kept. */
export function slugFrom(name: string, max: number): string | undefined {
  const spelledOut = name.toLowerCase().replace(/[ßæœøđðłþ]/g, (letter) => SPELLED_OUT[letter] ?? '');
  const words = normalised(spelledOut, 'NFKD', MAX_UNITS)
    .replace(/\p{Mark}|['’]/gu, '')
    .match(/[a-z0-9]+/g);
  return words?.join('-').slice(0, max).replace(/-$/, '');
}
