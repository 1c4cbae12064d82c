import { domainToASCII, domainToUnicode } from 'node:url';
import { normalised } from './normal-form.js';
import type { TextKind } from './text-kind.js';
import { UnfitText } from './unfit-text.js';

/** In characters, of the address as it is sent and of the one that mail servers read (RFC 5321, 4.5.3.1; RFC 1035, 2.3.4). */
const MAX = { address: 254, local: 64, domain: 253, label: 63 };

/** RFC 5321 dot-atoms, with the letters of every script (RFC 6531). Quoted local parts and address literals are not accepted. */
const ATOM = String.raw`[\p{L}\p{M}\p{N}!#$%&'*+/=?^_\x60{|}~-]+`;
const LOCAL = new RegExp(String.raw`^${ATOM}(?:\.${ATOM})*$`, 'u');
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/** What keyboards of East Asia write between labels (RFC 3490, 3.1); NFKC has made one of its forms. */
const IDEOGRAPHIC_STOP = '\u3002';
/** By these the URL standard knows numbers of the internet protocol, in whatever notation. */
const NUMBER = /^(?:\d+|0x[\da-f]*)$/;

/**
 * An e-mail address in one spelling for one mailbox: lower case, Unicode-normalised (NFKC), its domain with the letters
 * that an internationalised one has (IDNA, as URLs have it), whether it was sent in them or in ASCII.
 */
export const emailAddress: TextKind = {
  read(text) {
    const [local, domain] = parts(text);
    const address = local && domain && LOCAL.test(local) ? `${local}@${domainName(domain)}` : '';
    if (address.length > MAX.address || !address) throw noAddress();
    return address;
  },
};

const noAddress = (): UnfitText => new UnfitText('This is no e-mail address.');

function parts(text: string): [string | undefined, string | undefined] {
  const trimmed = text.length > 2 * MAX.address ? '' : text.trim();
  const folded = normalised(trimmed, 'NFKC', 2 * MAX.address).toLowerCase();
  const address = normalised(folded, 'NFKC', 8 * MAX.address);
  const at = address.lastIndexOf('@');
  if (at < 1 || at > MAX.local || INVISIBLE.test(address)) return [undefined, undefined];
  return [address.slice(0, at), address.slice(at + 1).replaceAll(IDEOGRAPHIC_STOP, '.')];
}

/** @throws UnfitText for what is no domain of mailboxes, numbers among it. */
function domainName(domain: string): string {
  if (!hasLabels(domain)) throw noAddress();
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  const known = labels.length > 1 || ascii === 'localhost';
  const measured = ascii.length <= MAX.domain && labels.every((label) => label !== '' && label.length <= MAX.label);
  const name = domainToUnicode(ascii);
  if (!known || !measured || NUMBER.test(labels.at(-1) as string)) throw noAddress();
  if (!hasLabels(name) || domainToASCII(name) !== ascii) throw noAddress();
  return name;
}

const hasLabels = (domain: string): boolean =>
  domain.length <= MAX.domain && domain.split('.').every((label) => LABEL.test(label) && !INVISIBLE.test(label));
