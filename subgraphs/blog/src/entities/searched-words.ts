import { UnfitText } from '@platform/foundation/text';

/** Words of a search that are looked for; what is beyond is not. The time that a search takes grows with their number. */
const MAX_WORDS = 10;

/** Signs that are no words, but for quotes and what excludes: what the database's `folded` and `plain_words` make spaces of. */
const SIGNS =
  /[!#-,./:-@[-`{-~\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u05be\u05c0\u05c3\u060c\u061b\u061f\u06d4\u0964\u0965\u200b\u2010-\u201b\u2020-\u205e\u2190-\u22ff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u30fb]/g;
const QUOTES = /[\u201c-\u201f]/g;
const PHRASES = /"[^"]*"?/g;
/** Hyphens that exclude nothing, as they stand within a word or on their own. */
const HYPHENS = /(?<=[^\s"])-|-(?=[\s-]|$)/g;
const WORDS = /[^\s"-][^\s"]*/g;

/** Runs of characters of scripts without spaces, as the database's `spaced` knows them, with what excludes them. */
const RUNS =
  /((?<=^|\s)-)?([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30fa\u30fc-\u312f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+)/g;

/** What is searched for, with every two characters of such scripts as a word, as they are in what is searched. */
const spaced = (search: string): string =>
  search.replace(RUNS, (_run, minus: string | undefined, signs: string, at: number) => {
    const words =
      signs.length === 1 ? signs : Array.from({ length: signs.length - 1 }, (_, n) => signs.slice(n, n + 2)).join(' ');
    const quoted = minus !== undefined && search.slice(0, at).split('"').length % 2 === 1;
    return quoted ? ` -"${words}" ` : ` ${minus ?? ''}${words} `;
  });

/**
 * What the database is asked for a search that somebody has typed: its first words, with "phrases", `or` and -exclusions.
 * @throws UnfitText for one of which a part, between `or`, has exclusions alone: nearly all posts would answer it.
 */
export function searchedWords(search: string): string {
  const signless = search.replace(QUOTES, '"').replace(SIGNS, ' ');
  const plain = spaced(signless.replace(PHRASES, (phrase) => phrase.replaceAll('-', ' ')).replace(HYPHENS, ' '));
  const beyond = [...plain.matchAll(WORDS)][MAX_WORDS]?.index;
  const words =
    beyond === undefined ? plain : plain.slice(0, beyond).replace(/[\s"-]+$/, (end) => end.replace('-', ' '));
  if (alternatives(words).some(excludesAlone)) throw new UnfitText('Give a word to look for beside those to exclude.');
  return words;
}

/** The words and phrases that are looked for or excluded, by what `or` joins; within quotes it is a word. */
function alternatives(words: string): string[][] {
  const parts: string[][] = [[]];
  for (const [item] of words.matchAll(/-?"[^"]*"?|[^\s"]+/g))
    if (/^or$/i.test(item)) parts.push([]);
    else parts.at(-1)?.push(item);
  return parts;
}

const excludesAlone = (part: string[]): boolean => part.length > 0 && part.every((item) => item.startsWith('-'));
