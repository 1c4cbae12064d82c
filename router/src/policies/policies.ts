import type { Caller } from '@platform/kernel/auth';
import type { AccessClaims } from '../callers/token-verifier.js';

/** Decides the policies of `@policy`. */
export interface Policies {
  /** Those of the asked ones that are true for the caller, others perhaps among them. Never rejects: what cannot be decided is not held. */
  held(
    caller: Caller,
    claims: AccessClaims | null,
    asked: readonly string[],
  ): ReadonlySet<string> | Promise<ReadonlySet<string>>;
}

/** The platform's: a policy is a permission code, true for a caller who holds it. */
export const permissionCodes: Policies = { held: ({ permissions }) => permissions };
