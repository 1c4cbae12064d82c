import { normalised } from '@platform/foundation/text';

/** To which derived slugs are cut before they are numbered; clients may choose ones of this length. */
const MAX_SLUG_LENGTH = 100;
/** In UTF-16 code units, of a title that has become lower case. */
const MAX_TITLE_UNITS = 1_000;

/** The slug that a title suggests: "Crème brûlée, warm" → `creme-brulee-warm`; `post` when nothing of the title can be kept. */
export function slugOf(title: string): string {
  const spelledOut = title.toLowerCase().replace(/[ßæœøđðłþ]/g, (letter) => SPELLED_OUT[letter] ?? '');
  const words = normalised(spelledOut, 'NFKD', MAX_TITLE_UNITS)
    .replace(/\p{Mark}|['’]/gu, '')
    .match(/[a-z0-9]+/g);
  return words?.join('-').slice(0, MAX_SLUG_LENGTH).replace(/-$/, '') ?? 'post';
}

const SPELLED_OUT: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th' };

/** What the numbered variants of a slug have in common: only slugs of one family can get in each other's way. */
export const slugFamily = (slug: string): string => slug.replace(/(-\d+)+$/, '');

/** The slug itself for 1, else with the number. */
export const numberedSlug = (slug: string, number: number): string => (number === 1 ? slug : `${slug}-${number}`);
