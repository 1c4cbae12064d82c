import { isPassable } from './options.js';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** No header that is passed on has a longer name: patterns are not tried on what a client makes up. */
const LONGEST = 256;

/** Which of the client's headers are meant: names in lower case, and patterns in which `*` stands for any part of one. */
export class HeaderNames {
  private readonly exact: ReadonlySet<string>;
  private readonly patterns: readonly RegExp[];

  constructor(names: readonly string[]) {
    this.exact = new Set(names.filter((name) => !name.includes('*')));
    this.patterns = [...new Set(names)].filter((name) => name.includes('*')).map(patternOf);
  }

  /** For `Vary`: every name; with patterns among them nobody can say which, and it is `*`. */
  get varying(): readonly string[] {
    return this.patterns.length > 0 ? ['*'] : [...this.exact];
  }

  /** Never a header that belongs to the connection, or that the router alone makes: no pattern means these. */
  has(name: string): boolean {
    if (this.exact.has(name)) return true;
    return (
      this.patterns.length > 0 &&
      name.length <= LONGEST &&
      isPassable(name) &&
      this.patterns.some((pattern) => pattern.test(name))
    );
  }

  /** Those of the headers that are meant, each as one value, in the order of their names. */
  of(headers: Headers = {}): Record<string, string> {
    const names = this.patterns.length > 0 ? Object.keys(headers).filter((name) => this.has(name)) : [...this.exact];
    const found: Record<string, string> = {};
    for (const name of names.sort()) {
      const value = headers[name];
      if (value !== undefined) found[name] = typeof value === 'string' ? value : value.join(', ');
    }
    return found;
  }
}

const patternOf = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split(/\*+/)
      .map((part) => part.replace(/[$+.^|]/g, '\\$&'))
      .join('.*?')}$`,
  );
