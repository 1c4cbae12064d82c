import type { Caller } from '@platform/auth';
import { SessionRequired } from '@platform/foundation/errors';

/** Under whose name the caller writes; null for anonymous callers. @throws SessionRequired for a service account: it is nobody */
export function authorIdOf({ userId, serviceAccountId }: Caller): string | null {
  if (serviceAccountId !== null) throw new SessionRequired('A service account is no author: use the key of a user.');
  return userId;
}
