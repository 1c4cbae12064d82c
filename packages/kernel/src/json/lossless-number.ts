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
