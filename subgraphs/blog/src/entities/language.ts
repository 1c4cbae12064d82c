/** The languages that posts are searched in, by the names that PostgreSQL has for what it knows of them. The database decides which one a post is in. */
export const LANGUAGES = [
  'english',
  'german',
  'french',
  'spanish',
  'italian',
  'portuguese',
  'dutch',
  'russian',
  'swedish',
  'danish',
  'norwegian',
  'finnish',
  'hungarian',
  'turkish',
] as const;

/** Runs of characters of scripts without spaces, as the database's `spaced` knows them, with what excludes them. */
const RUNS =
  /((?<=^|\s)-)?([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30fa\u30fc-\u312f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+)/g;

/** What is searched for, with every two characters of such scripts as a word, as they are in what is searched. */
export const spacedSearch = (search: string): string =>
  search.replace(RUNS, (_run, minus: string | undefined, signs: string, at: number) => {
    const words =
      signs.length === 1 ? signs : Array.from({ length: signs.length - 1 }, (_, n) => signs.slice(n, n + 2)).join(' ');
    const quoted = minus !== undefined && search.slice(0, at).split('"').length % 2 === 1;
    return quoted ? ` -"${words}" ` : ` ${minus ?? ''}${words} `;
  });
