import Bowser from 'bowser';

/** Browser and system that a User-Agent header tells of, such as "Firefox on Windows"; null for one that is not recognised. */
export function deviceName(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.getParser(userAgent).getResult();
  const known = [browser.name, os.name].filter(Boolean);
  return known.length === 0 ? null : known.join(' on ');
}
