import { type Caller, principalOf } from '@platform/auth';

/** Under whom operations count: a user's programs together, and never with the user, whom a leaked key would keep out. */
export const countedAs = (caller: Caller): string | null =>
  caller.apiKeyId !== null && caller.userId !== null ? `${caller.userId} programs` : principalOf(caller);
