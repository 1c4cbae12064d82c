/** Scheme, a first label that may be anything, and a host of two labels or more, with a port where it is not the scheme's own. */
const WILDCARD = /^(https?:\/\/)\*(\.[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?)$/;
const ONE_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What may stand in a list of origins: an origin as browsers send it; one of which the first label is `*`; or `*` for all. */
export function isOriginRule(text: string): boolean {
  const [, scheme, rest] = WILDCARD.exec(text) ?? [];
  const plain = scheme === undefined ? text : `${scheme}a${rest}`;
  if (plain.includes('*')) return text === '*';
  return URL.canParse(plain) && /^https?:/.test(plain) && new URL(plain).origin === plain;
}

/** Whether the list names the origin, itself or by a wildcard, which stands for one label: `*` alone is not looked at. */
export const namesOrigin = (listed: readonly string[], origin: string): boolean =>
  listed.includes(origin) || listed.some((rule) => isBelow(rule, origin));

function isBelow(rule: string, origin: string): boolean {
  const [, scheme, rest] = WILDCARD.exec(rule) ?? [];
  if (scheme === undefined || rest === undefined) return false;
  if (!origin.startsWith(scheme) || !origin.endsWith(rest)) return false;
  return ONE_LABEL.test(origin.slice(scheme.length, -rest.length));
}
