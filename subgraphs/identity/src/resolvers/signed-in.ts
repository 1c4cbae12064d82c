import type { Caller } from '@platform/auth';
import { SessionRequired, Unauthenticated } from '@platform/foundation/errors';

/** The user who calls, or whose key it is: services and service accounts have no account to act on. @throws Unauthenticated, SessionRequired */
export function signedIn({ userId, serviceAccountId }: Caller): string {
  if (serviceAccountId !== null) throw new SessionRequired();
  if (userId === null) throw new Unauthenticated();
  return userId;
}
