const SIGN = String.raw`[\p{L}\p{M}\p{N}]`;
/**
 * The letters in either case. Not by a modifier: once a process has compiled so much that V8 no longer optimizes expressions,
 * V8 13.6 forgets modifiers.
 */
const inAnyCase = (letters: string): string =>
  letters.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/** Endings that addresses are short with, and that people write like a name. */
const ENDING = `(?:${inAnyCase(
  'com|net|org|info|biz|app|dev|xyz|top|site|online|shop|club|link|page|blog|click|live|store|tech|website|space|icu|vip|fun|pro|me|co|io|ly|gl|gg|gd|cc|tv|to|ai|sh|it|be|de|fr|ru|cn|uk|us|eu|in|nl|ch|at|pl|es|se',
)})`;

/** An abbreviation in front of a name without a space between, such as "Md.Abdul" and "Dr.Smith-Jones". */
const ABBREVIATED = String.raw`\p{Lu}\p{Ll}{1,3}\.(?!${ENDING}(?!${SIGN}))\p{Lu}\p{Ll}{2,}(?:-\p{Lu}\p{Ll}+)*(?!${SIGN}|[-.@/:?#])`;

const LINKS = [
  `://|(?<![a-zA-Z])${inAnyCase('www')}[.]`,
  // Words of two letters and more that a dot joins.
  String.raw`(?<!${SIGN})(?!${ABBREVIATED})${SIGN}(?:${SIGN}|-)*${SIGN}\.[\p{L}\p{N}-]{2}`,
  // Shorter ones with a path, a port, or an ending.
  String.raw`[\p{L}\p{N}]\.(?:${SIGN}|-){2,}[/:?#]`,
  String.raw`(?<!${SIGN})[\p{L}\p{N}]\.${ENDING}(?!${SIGN})`,
];

/** A text without what mail clients make links of. Initials, "St. John" and "Md.Abdul" are none. */
export const NO_LINK = new RegExp(`^(?!.*(?:${LINKS.join('|')}))`, 'u');
