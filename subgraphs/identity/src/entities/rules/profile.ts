import {
  locale as aLocale,
  personName as aPersonName,
  reason as aReason,
  label,
  type TextKind,
} from '@platform/foundation/text';

/** A name in its one spelling; null for an empty one. Markup is text like any other. @throws UnfitText */
export const personName = (text: string | null | undefined): string | null => orNull(aPersonName, text);

/** What a user calls a passkey. @throws UnfitText */
export const passkeyName = (text: string): string => label.read(text);

/** Why somebody did something to somebody else. @throws UnfitText */
export const reason = (text: string): string => aReason.read(text);

/** The canonical form of a BCP 47 language tag; null for none. @throws UnfitText */
export const locale = (tag: string | null | undefined): string | null => orNull(aLocale, tag);

const orNull = (kind: TextKind, text: string | null | undefined): string | null =>
  text == null || text.trim() === '' ? null : kind.read(text);
