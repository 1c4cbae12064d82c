import Bowser from 'bowser';

/** A name that is no sentence and no address: whoever sends the header chooses it, and mails have it. */
const NAME = /^[A-Za-z0-9 ()-]{1,80}$/;

/** Browser and system that a User-Agent header tells of, such as "Firefox on Windows"; null for one that is not recognised. */
export function deviceName(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.getParser(userAgent).getResult();
  const known = [browser.name, os.name].filter(Boolean);
  const name = known.join(' on ');
  return NAME.test(name) ? name : null;
}
