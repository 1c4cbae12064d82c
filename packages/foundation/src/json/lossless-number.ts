declare global {
  interface JSON {
    /** https://github.com/tc39/proposal-json-parse-with-source: what JSON.stringify writes as it stands. */
    rawJSON(text: string): unknown;
  }
}

/**
 * A number of a JSON text that a double would change: a 64-bit integer, a long decimal, `1.0`, `1e400`. It is its text, and is
 * written as such.
 */
export class LosslessNumber {
  /** @param text a number as JSON writes it. */
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.text);
  }

  /** The nearest double; infinite where there is none. */
  valueOf(): number {
    return Number(this.text);
  }
}

/** Of a number as JSON or GraphQL writes it: a double where that is written in the same way, else its text. */
export function numberOf(text: string): number | LosslessNumber {
  const { length } = text;
  if (length <= SURELY_SAME && integer.test(text)) return Number(text);
  const value = Number(text);
  return String(value) === text ? value : new LosslessNumber(text);
}

/** Integers of so many characters are doubles as they are. */
const SURELY_SAME = 15;
const integer = /^(?:0|-?[1-9]\d*)$/;

/** The double that is the same number, written in another way: 1 for `1.0`, 100 for `1e2`. Undefined where it would be another number. */
export function doubleOf({ text }: LosslessNumber): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && digitsOf(String(value)) === digitsOf(text) ? value + 0 : undefined;
}

/** A number's significant digits and the place of its point; of nothing but zeros no digits. */
function digitsOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts.exec(text) ?? [];
  const digits = whole + fraction;
  const isZero = (index: number): boolean => digits[index] === '0';
  let [begin, end] = [0, digits.length];
  while (begin < end && isZero(begin)) begin += 1;
  while (begin < end && isZero(end - 1)) end -= 1;
  if (begin === end) return '';
  return `${sign}${digits.slice(begin, end)}e${Number(exponent) - fraction.length + (digits.length - end)}`;
}

const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
