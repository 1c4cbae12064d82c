import type { ExactFields } from './exact-fields.js';
import { numberOf } from './lossless-number.js';

/**
 * What stands in a text where one of its numbers is written otherwise than a double: 16 characters or more, a zero at the end of a
 * fraction, an exponent, very small, or -0. Strings may look so too. It is one expression that begins with one of a few characters: it
 * takes a third of the time of JSON.parse.
 */
const unlikeDoubles = /[[,:\s](?:-?\d(?:[\d.]{15}|\d*\.\d*0(?:[,\]}\s]|$)|[\d.]*[eE]|\.000000)|-0(?:[,\]}\s]|$))/;

/** A text that is a number alone has nothing before it. */
const isNumber = /^[-\d]/;

/**
 * JSON.parse, but for numbers that a double would change: they are LosslessNumber. Texts without any are left to JSON.parse.
 * @param exact where such numbers matter, at the least. Default: everywhere.
 * @throws SyntaxError, also for what is nested deeper than 1,000 levels and has such numbers.
 */
export const parseJson = (text: string, exact?: ExactFields): unknown =>
  exact?.mayHoldNumbers(text) !== false && (unlikeDoubles.test(text) || isNumber.test(text))
    ? new LosslessParser(text).parse()
    : JSON.parse(text);

/** The same as the second argument of JSON.parse, for who cannot put `parseJson` in its place. */
export const losslessReviver = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' && context?.source !== undefined ? numberOf(context.source) : value;

const MOST_LEVELS = 1_000;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** RFC 8259, read in one pass. */
class LosslessParser {
  private at = 0;

  constructor(private readonly text: string) {}

  parse(): unknown {
    const value = this.value(0);
    this.next();
    return this.at === this.text.length ? value : this.fail();
  }

  private value(level: number): unknown {
    switch (this.next()) {
      case OPENING_BRACE:
        return this.object(level + 1);
      case OPENING_BRACKET:
        return this.list(level + 1);
      case QUOTE:
        return this.string();
      default:
        return this.scalar();
    }
  }

  private object(level: number): unknown {
    if (level > MOST_LEVELS) this.fail();
    const object: Record<string, unknown> = {};
    this.at++;
    if (this.took(CLOSING_BRACE)) return object;
    do {
      if (this.next() !== QUOTE) this.fail();
      const key = this.string();
      if (!this.took(COLON)) this.fail();
      const value = this.value(level);
      if (key !== '__proto__') object[key] = value;
      else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    } while (this.took(COMMA));
    return this.took(CLOSING_BRACE) ? object : this.fail();
  }

  private list(level: number): unknown {
    if (level > MOST_LEVELS) this.fail();
    const list: unknown[] = [];
    this.at++;
    if (this.took(CLOSING_BRACKET)) return list;
    do list.push(this.value(level));
    while (this.took(COMMA));
    return this.took(CLOSING_BRACKET) ? list : this.fail();
  }

  private string(): string {
    const { text } = this;
    const start = this.at++;
    for (;;) {
      const code = text.charCodeAt(this.at++);
      if (code === QUOTE) return text.slice(start + 1, this.at - 1);
      if (code === BACKSLASH) return this.escaped(start);
      if (!(code >= SPACE)) this.fail();
    }
  }

  /** Goes on behind the first backslash. */
  private escaped(start: number): string {
    const { text } = this;
    this.at++;
    for (;;) {
      const code = text.charCodeAt(this.at++);
      if (code === QUOTE) return JSON.parse(text.slice(start, this.at)) as string;
      if (code === BACKSLASH) this.at++;
      else if (Number.isNaN(code)) this.fail();
    }
  }

  private scalar(): unknown {
    number.lastIndex = this.at;
    const found = number.exec(this.text)?.[0];
    if (found !== undefined) {
      this.at += found.length;
      return numberOf(found);
    }
    for (const [word, value] of words) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    return this.fail();
  }

  /** The next character that is no white space. */
  private next(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== SPACE && code !== LINE_FEED && code !== RETURN && code !== TAB) return code;
      this.at++;
    }
  }

  private took(code: number): boolean {
    if (this.next() !== code) return false;
    this.at++;
    return true;
  }

  private fail(): never {
    throw new SyntaxError(`Unexpected token or nesting in JSON at position ${this.at}`);
  }
}
