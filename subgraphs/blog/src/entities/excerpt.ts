import { BadUserInput } from '@platform/foundation/errors';

/** Longest excerpt that can be asked for, in Unicode code points. */
const MAX_LENGTH = 1_000;

/** How much of a text is read for its excerpts, in UTF-16 code units: the longest one, and the marks that may stand in it. */
export const EXCERPT_SOURCE = 8_000;

/** What excerpts of a post begin with. A client may ask for many of one post: its marks are taken away once. */
const beginnings = new WeakMap<object, string>();

/** The beginning of a post's Markdown as plain text of at most `length` code points, cut between words. @throws BadUserInput. */
export function excerptOf(post: { readonly content: string }, length: number): string {
  if (length < 0 || length > MAX_LENGTH) throw new BadUserInput({ length: `Between 0 and ${MAX_LENGTH}.` });
  const plain = beginnings.get(post) ?? plainText(post.content.slice(0, EXCERPT_SOURCE));
  beginnings.set(post, plain);
  const kept = [...plain.slice(0, 2 * length + 2)];
  if (kept.length <= length) return kept.join('');
  if (length === 0) return '';
  const whole = kept.slice(0, length).join('');
  const cut = whole.lastIndexOf(' ');
  return `${(cut > 0 ? whole.slice(0, cut) : kept.slice(0, length - 1).join('')).trimEnd()}…`;
}

/** Takes Markdown's marks away. Every pattern stops at its own opening character or at the end of its line, so that it runs in linear time. */
const plainText = (markdown: string): string =>
  markdown
    .replace(/^[^\S\n]*(```|~~~).*$/gm, '')
    .replace(/<\/?[a-z!][^<>]*>/gi, '')
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/^[^\S\n]{0,3}(#{1,6}|>|[-*+]|\d{1,9}[.)])[^\S\n]+/gm, '')
    .replace(/[*`~]+/g, '')
    .replace(/_+/g, (marks, at: number, text: string) => (isWithinWord(text, at, marks.length) ? marks : ''))
    .replace(/\s+/g, ' ')
    .trim();

const isWithinWord = (text: string, at: number, length: number): boolean =>
  /^\w/.test(text.charAt(at - 1)) && /^\w/.test(text.charAt(at + length));
