import { slugFrom } from '@platform/foundation/text';

/** To which derived slugs are cut before they are numbered; clients may choose ones of this length. */
const MAX_SLUG_LENGTH = 100;

/** The slug that a title suggests; `post` when nothing of the title can be kept. */
export const slugOf = (title: string): string => slugFrom(title, MAX_SLUG_LENGTH) ?? 'post';

/** What the numbered variants of a slug have in common: only slugs of one family can get in each other's way. */
export const slugFamily = (slug: string): string => slug.replace(/(-\d+)+$/, '');

/** The slug itself for 1, else with the number. */
export const numberedSlug = (slug: string, number: number): string => (number === 1 ? slug : `${slug}-${number}`);
