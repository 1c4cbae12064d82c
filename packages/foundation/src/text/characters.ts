/** Longest text that is taken anywhere, in UTF-16 code units. */
export const MAX_TEXT_UNITS = 200_000;

/** Combining marks in a row that a text may have (Unicode's Stream-Safe Text Format, UAX #15): with more, normalising takes quadratic time. */
const MAX_MARKS = 30;

/** What normalising sorts: marks, and the two letters that decompose into one. */
const MARKS = new RegExp(String.raw`[\p{M}\uff9e\uff9f]{${MAX_MARKS + 1}}`, 'u');
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
const CONTROL = /\p{Cc}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
const CONTROL_BUT_LINES = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;
const LINE_SEPARATOR = /[\p{Zl}\p{Zp}]/u;
/** Embeddings, overrides and isolates, their deprecated relatives, and annotations: what is read is not what is there. */
const REORDERING = /[\u202a-\u202e\u2066-\u2069\u206a-\u206f\ufff9-\ufffb]/;
const INVISIBLE =
  /(?![\u200c-\u200d]|[\u180b-\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}])\p{Default_Ignorable_Code_Point}/u;
/**
 * Joiners spell something in many scripts and in emoji, variations of signs in emoji, Han and a few scripts, Mongolian ones after its
 * letters (UAX #44, StandardizedVariants; UTS #37); elsewhere they spell nothing.
 */
const STRAY = new RegExp(
  [
    String.raw`(?<![^\p{ASCII}\p{Z}\p{C}])[\u200c\u200d]|[\u200c\u200d](?![^\p{ASCII}\p{Z}\p{C}])`,
    String.raw`(?<![\p{Script=Han}\p{Extended_Pictographic}]|[^\p{ASCII}\p{Z}\p{C}\p{L}\p{M}\p{N}])[\ufe0e\ufe0f]`,
    String.raw`(?<![\p{Script=Han}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Sm}])[\ufe00-\ufe0d]`,
    String.raw`(?<!\p{Script=Han})[\u{e0100}-\u{e01ef}]`,
    String.raw`(?<!\p{Script=Mongolian})[\u180b-\u180f]|(?<=[\u180b-\u180f])[\u180b-\u180f]`,
  ].join('|'),
  'u',
);

/** Why a text can be neither stored nor normalised, in a time that grows with its length alone; undefined when it can. */
export function unstorable(text: string): string | undefined {
  if (text.length > MAX_TEXT_UNITS) return `At most ${MAX_TEXT_UNITS} characters.`;
  if (text.includes('\0') || !text.isWellFormed()) return 'Contains characters that cannot be stored.';
  if (MARKS.test(text)) return `At most ${MAX_MARKS} combining marks in a row.`;
  return undefined;
}

/** The beginning of a text of at most `max` UTF-16 code units, which can be stored; undefined for none. */
export const clipped = (text: string | null | undefined, max: number): string | undefined =>
  text?.slice(0, max).replaceAll('\0', '\ufffd').toWellFormed();

/** Whether somebody who looks at the text sees anything. */
export const isVisible = (text: string): boolean => VISIBLE.test(text);

/** Whether it has control characters other than tabs and line breaks. */
export const hasControls = (text: string): boolean => CONTROL_BUT_LINES.test(text);

/** Whether the text is more than a line, or has control characters. */
export const isBroken = (text: string): boolean => CONTROL.test(text) || LINE_SEPARATOR.test(text);

/** Whether it has characters that change the order in which the others are shown. */
export const isReordered = (text: string): boolean => REORDERING.test(text);

/** Whether it has characters that nobody sees and that spell nothing. */
export const hasInvisible = (text: string): boolean => INVISIBLE.test(text) || STRAY.test(text);

/** Unicode code points, which is what lengths count. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
