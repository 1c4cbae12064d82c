import { type Asker, networkOf } from '@platform/foundation/fair-shares';
import type { Tokens } from '../authentication/token-verifier.js';
import type { IncomingOperation } from '../operation.js';

/** Whose share a request is of, told without any work: the user's whose token has been found good before, else its network's. */
export function askerOf(
  { authorization, clientIp }: Pick<IncomingOperation, 'authorization' | 'clientIp'>,
  tokens: Tokens | null,
): Asker {
  const token = authorization && /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const subject = token ? tokens?.known(token) : undefined;
  return subject === undefined
    ? { key: networkOf(clientIp ?? 'unknown'), signedIn: false }
    : { key: subject, signedIn: true };
}
