import { codePoints, hasControls, hasInvisible, isBroken, isReordered, isVisible, unstorable } from './characters.js';
import { type NormalForm, normalised } from './normal-form.js';
import { UnfitText } from './unfit-text.js';

/** A kind of text that clients send: what is accepted, and the one spelling that it is kept in. */
export interface TextKind<Value = string> {
  /** In a time that grows with the text's length alone. @throws UnfitText */
  read(text: string): Value;
}

/** What is accepted, beside what every text must be: well-formed, without control characters, visible, and no longer than `max` code points. */
export interface TextRules {
  readonly max: number;
  /** Kept as it is sent when left out. */
  readonly form?: NormalForm;
  /** One line without changes of direction; otherwise tabs and line breaks are accepted. */
  readonly line?: true;
  /** Spaces at the ends go; those within become one as well. */
  readonly spaces?: 'trimmed' | 'collapsed';
  /** No invisible characters at all, for texts that stand for somebody or are compared. */
  readonly seen?: true;
  readonly lowerCase?: true;
  /** Takes linear time; it meets a text that has passed all else. */
  readonly pattern?: RegExp;
  /** What is told of a text that is too short, too long or not of the pattern. */
  readonly otherwise?: string;
}

/** UTF-16 code units that one code point may take, before a decomposed text is composed. */
const UNITS = { kept: 2, normalised: 4 };

/** The kind of text that the rules describe. */
export function textKind(rules: TextRules): TextKind {
  const { max, form, line, spaces, seen, lowerCase, pattern } = rules;
  const maxUnits = max * (form ? UNITS.normalised : UNITS.kept);
  const otherwise = rules.otherwise ?? `Between 1 and ${max} characters.`;
  return {
    read(text) {
      if (text.length > maxUnits) throw new UnfitText(otherwise);
      const written = form ? normalised(text, form, maxUnits) : stored(text);
      const value = spaces ? written.trim() : written;
      if (!isVisible(value) || codePoints(value) > max) throw new UnfitText(otherwise);
      if (line ? isBroken(value) : hasControls(value)) throw new UnfitText(line ? NO_BREAKS : NO_CONTROLS);
      if (line && isReordered(value)) throw new UnfitText('Changes of the direction of writing are not accepted.');
      if (seen && hasInvisible(value)) throw new UnfitText('Invisible characters are not accepted.');
      const spaced = spaces === 'collapsed' ? value.replace(/\s+/gu, ' ') : value;
      const spelled = lowerCase ? normalised(spaced.toLowerCase(), form ?? 'NFC', 2 * maxUnits) : spaced;
      if (codePoints(spelled) > max || (pattern && !pattern.test(spelled))) throw new UnfitText(otherwise);
      return spelled;
    },
  };
}

const NO_BREAKS = 'Line breaks and control characters are not accepted.';
const NO_CONTROLS = 'Control characters are not accepted.';

function stored(text: string): string {
  const reason = unstorable(text);
  if (reason) throw new UnfitText(reason);
  return text;
}

/** What a kind makes of a text, for looking something up: undefined for what cannot be of the kind, and so belongs to nothing. */
export function readIfFit<Value>(kind: TextKind<Value>, text: string): Value | undefined {
  try {
    return kind.read(text);
  } catch (error) {
    if (error instanceof UnfitText) return undefined;
    throw error;
  }
}

/** An optional condition of a list: one in which nobody sees anything is as if it had not been given. @throws UnfitText */
export const readCondition = <Value>(kind: TextKind<Value>, text: string | null | undefined): Value | undefined =>
  text == null || !isVisible(text) ? undefined : kind.read(text);
