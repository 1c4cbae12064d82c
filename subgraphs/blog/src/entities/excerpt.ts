import { BadUserInput } from '@platform/kernel/errors';

/** Longest excerpt that can be asked for, in Unicode code points. */
const MAX_LENGTH = 1_000;

/** The beginning of a Markdown text as plain text of at most `length` code points, cut between words. @throws BadUserInput. */
export function excerptOf(markdown: string, length: number): string {
  if (length < 0 || length > MAX_LENGTH) throw new BadUserInput({ length: `Between 0 and ${MAX_LENGTH}.` });
  const plain = [...plainText(markdown.slice(0, length * 4 + 4_000))];
  if (plain.length <= length) return plain.join('');
  if (length === 0) return '';
  const whole = plain.slice(0, length).join('');
  const cut = whole.lastIndexOf(' ');
  return `${(cut > 0 ? whole.slice(0, cut) : plain.slice(0, length - 1).join('')).trimEnd()}…`;
}

/** Takes Markdown's marks away. Every pattern stops at its own opening character, so that it runs in linear time. */
const plainText = (markdown: string): string =>
  markdown
    .replace(/^\s*(```|~~~).*$/gm, '')
    .replace(/<\/?[a-z!][^<>]*>/gi, '')
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/^\s{0,3}(#{1,6}|>|[-*+]|\d{1,9}[.)])\s+/gm, '')
    .replace(/[*`~]+|(?<!\w)_+|_+(?!\w)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
