import { emailAddress as anEmailAddress, readIfFit } from '@platform/foundation/text';

/** The address in its one spelling. @throws UnfitText */
export const emailAddress = (text: string): string => anEmailAddress.read(text);

/** The address to look an account up by; undefined for what is no e-mail address, and so has none. */
export const knownAs = (text: string): string | undefined => readIfFit(anEmailAddress, text);
