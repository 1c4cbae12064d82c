import { personName, readIfFit, locale as someLocale } from '@platform/foundation/text';
import type { ExternalAccount } from '../../entities/index.js';
import { knownAs } from '../../entities/rules/index.js';
import { IdentityProviderKind } from './external-provider.js';

/** Claims of an ID token or the userinfo endpoint, as the provider wrote them. */
export type Claims = { readonly iss: string; readonly sub: string } & Readonly<Record<string, unknown>>;

/** What is longer is no identity here. */
const MAX_ISSUER_LENGTH = 500;
const MAX_SUBJECT_LENGTH = 255;

/** What the claims of a provider of the kind are worth. @throws Error for claims that name nobody */
export function toAccount(kind: IdentityProviderKind, claims: Claims): ExternalAccount {
  const { iss: issuer, sub: subject } = claims;
  if (issuer.length > MAX_ISSUER_LENGTH || subject.length > MAX_SUBJECT_LENGTH || subject === '')
    throw new Error('The provider names an account by what is no identifier');
  const email = textOf(claims.email, knownAs);
  return {
    issuer,
    subject,
    email,
    emailVerified: email !== null && isVerified(kind, claims),
    authoritative: email !== null && isAuthoritative(kind, email, claims),
    firstName: textOf(claims.given_name, (text) => readIfFit(personName, text)),
    lastName: textOf(claims.family_name, (text) => readIfFit(personName, text)),
    locale: textOf(claims.locale, (text) => readIfFit(someLocale, text)),
  };
}

/** Microsoft lets the administrators of any tenant write any address; it says with xms_edov where it has seen the domain to be theirs. */
function isVerified(kind: IdentityProviderKind, claims: Claims): boolean {
  if (kind === IdentityProviderKind.MICROSOFT) return [true, 1, '1', 'true'].includes(claims.xms_edov as never);
  return claims.email_verified === true;
}

/** Google gives out the addresses of gmail.com, and those of the domains of its organizations (`hd`). */
function isAuthoritative(kind: IdentityProviderKind, email: string, { hd }: Claims): boolean {
  if (kind !== IdentityProviderKind.GOOGLE) return false;
  const domain = email.slice(email.lastIndexOf('@') + 1);
  return domain === 'gmail.com' || (typeof hd === 'string' && domain === hd.toLowerCase());
}

/** A text that the rule lets through; null for none. */
export const textOf = (claim: unknown, rule: (text: string) => string | undefined): string | null =>
  typeof claim === 'string' && claim !== '' ? (rule(claim) ?? null) : null;
