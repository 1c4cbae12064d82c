import { requestContext } from '../logging/index.js';
import { networkOf } from './network-of.js';

/** Who has a share of something that everybody uses. */
export interface Asker {
  /** A user, a service account, or the network of an anonymous client (IPv4 address, IPv6 /64). */
  readonly key: string;
  /** Whether it has a name: many networks are cheap, many accounts are not. */
  readonly signedIn: boolean;
}

/** What the process does for itself. */
const ITSELF: Asker = { key: '', signedIn: true };

/** Whom the running request is for. */
export function currentAsker(): Asker {
  const context = requestContext.current();
  if (!context) return ITSELF;
  const { userId, serviceAccountId, clientIp } = context;
  const principal = userId ?? serviceAccountId;
  return principal === undefined
    ? { key: networkOf(clientIp ?? 'unknown'), signedIn: false }
    : { key: principal, signedIn: true };
}
