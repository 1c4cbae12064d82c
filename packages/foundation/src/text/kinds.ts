import { NO_LINK } from './links.js';
import { type TextKind, type TextRules, textKind } from './text-kind.js';
import { UnfitText } from './unfit-text.js';

/** It is part of mails to people who do not know the sender, so it holds no link. */
const mailedName = textKind({
  max: 100,
  form: 'NFC',
  line: true,
  spaces: 'collapsed',
  seen: true,
  pattern: NO_LINK,
  otherwise: 'Between 1 and 100 characters, without links.',
});

/** Part of a person's name. */
export const personName = mailedName;

/** What an organization is called. */
export const organizationName = mailedName;

/** What somebody calls something of their own. */
export const label = textKind({ max: 100, form: 'NFC', line: true, spaces: 'collapsed', seen: true });

/** What something is called. */
export const title = textKind({ max: 200, form: 'NFC', line: true, spaces: 'trimmed' });

/** A word that things are found by, in one spelling. */
export const tag = textKind({
  max: 50,
  form: 'NFKC',
  line: true,
  spaces: 'collapsed',
  seen: true,
  lowerCase: true,
});

/** Why somebody did something. */
export const reason = textKind({ max: 500, form: 'NFC', line: true, spaces: 'trimmed' });

/** One line about something, or a few. */
export const description = textKind({ max: 500, form: 'NFC', spaces: 'trimmed' });

/** Text in paragraphs, such as Markdown: kept as it is sent. */
export const body = (max: number): TextKind => textKind({ max });

/** What somebody types into a search box. What it means is folded where it is looked for. */
export const search = textKind({ max: 500, form: 'NFKC', spaces: 'trimmed', otherwise: 'At most 500 characters.' });

/** A line that means something to machines: kept as it is sent. */
export const opaque = (max: number, rules: Omit<TextRules, 'max' | 'line'> = {}): TextKind =>
  textKind({ max, line: true, ...rules });

/** An identifier in parts joined by dots, such as `platform.user.created`. */
export const dottedWord = opaque(200, {
  pattern: /^[\w-]+(\.[\w-]+)*$/,
  otherwise: 'At most 200 letters, digits, _ and -, in parts joined by dots.',
});

/** What people sign in and are mentioned by; nobody's differs from another's in case alone. */
export const username = opaque(32, {
  spaces: 'trimmed',
  pattern: /^[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]$/i,
  otherwise: 'A username has 3 to 32 letters, digits, dots, hyphens or underscores, and no sign at its ends.',
});

/** A part of an address: lower-case ASCII words joined by single hyphens. */
export const slug = opaque(100, {
  pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/,
  otherwise: 'At most 100 lower-case letters and digits, joined by single hyphens.',
});

/** The longest language tag that is taken, in characters: RFC 5646 (4.4.1) knows of none that needs more than 35. */
const MAX_LOCALE = 35;

/** A language tag (BCP 47) in its canonical form. */
export const locale: TextKind = {
  read(text) {
    if (text.length <= MAX_LOCALE) {
      try {
        const [tag] = Intl.getCanonicalLocales(text);
        if (tag !== undefined && tag.length <= MAX_LOCALE) return tag;
      } catch {}
    }
    throw new UnfitText('This is no BCP 47 language tag, such as en or de-CH.');
  },
};
