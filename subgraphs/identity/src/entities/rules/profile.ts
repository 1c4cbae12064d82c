import { InvalidValue } from './input-check.js';

const MAX_NAME_LENGTH = 100;
const MAX_REASON_LENGTH = 500;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** A trimmed name; null for an empty one. Markup is text like any other. @throws InvalidValue */
export function personName(text: string | null | undefined): string | null {
  return text == null ? null : line(text, MAX_NAME_LENGTH) || null;
}

/** Why somebody did something to somebody else. @throws InvalidValue */
export function reason(text: string): string {
  const given = line(text, MAX_REASON_LENGTH);
  if (!given) throw new InvalidValue('Give a reason.');
  return given;
}

/** The canonical form of a BCP 47 language tag; null for none. @throws InvalidValue */
export function locale(tag: string | null | undefined): string | null {
  if (tag == null || tag === '') return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    throw new InvalidValue('This is no BCP 47 language tag, such as en or de-CH.');
  }
}

function line(text: string, maxLength: number): string {
  const trimmed = text.trim().normalize('NFC');
  if ([...trimmed].length > maxLength) throw new InvalidValue(`At most ${maxLength} characters.`);
  if (CONTROL_CHARACTER.test(trimmed)) throw new InvalidValue('Line breaks and control characters are not accepted.');
  return trimmed;
}
