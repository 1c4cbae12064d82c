import type { Caller } from '@platform/auth';
import { Unauthenticated } from '@platform/foundation/errors';

/** The user who calls: services have no account to act on. @throws Unauthenticated */
export function signedIn({ userId }: Caller): string {
  if (userId === null) throw new Unauthenticated();
  return userId;
}
