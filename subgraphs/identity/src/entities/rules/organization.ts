import { organizationName as anOrganizationName, opaque, slugFrom } from '@platform/foundation/text';
import { validate as isUuid } from 'uuid';
import { InvalidValue } from './input-check.js';

const MAX_SLUG_LENGTH = 50;
const MIN_SLUG_LENGTH = 3;

/** Names of hosts that are the platform's own. */
const RESERVED: ReadonlySet<string> = new Set(['www', 'api', 'app', 'admin', 'auth', 'graphql']);

const SLUG = opaque(MAX_SLUG_LENGTH, {
  pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/,
  otherwise: 'Between 3 and 50 lower-case letters and digits, joined by single hyphens.',
});

/** What the organization is called, in its one spelling. @throws UnfitText */
export const organizationName = (text: string): string => anOrganizationName.read(text);

/** The organization's part of addresses. @throws UnfitText */
export function organizationSlug(text: string): string {
  const slug = SLUG.read(text);
  if (slug.length < MIN_SLUG_LENGTH) throw new InvalidValue('At least 3 characters.');
  if (isUuid(slug)) throw new InvalidValue('A slug is no id.');
  if (RESERVED.has(slug)) throw new InvalidValue('This slug is reserved.');
  return slug;
}

/** The slug that the name suggests; it is valid, and may be taken. */
export function suggestedSlug(name: string): string {
  const slug = slugFrom(name, MAX_SLUG_LENGTH - '-123456'.length) ?? 'organization';
  return slug.length < MIN_SLUG_LENGTH || RESERVED.has(slug) ? `${slug}-organization` : slug;
}
