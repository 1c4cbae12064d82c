import { type Caller, isUndecided } from '@platform/auth';
import type { AccessClaims } from '../authentication/token-verifier.js';

/** Which policies are true for a caller. */
export interface DecidedPolicies {
  /** Those that are true, others than the asked ones perhaps among them. */
  readonly held: ReadonlySet<string>;
  /** Those of which nobody can say it right now; left out when there are none. */
  readonly undecided?: ReadonlySet<string>;
}

/** Decides the policies of `@policy`. */
export interface Policies {
  /** Never rejects: what cannot be decided is neither held nor refused. */
  decide(
    caller: Caller,
    claims: AccessClaims | null,
    asked: readonly string[],
  ): DecidedPolicies | Promise<DecidedPolicies>;
}

const none: ReadonlySet<string> = new Set();

/** The platform's: a policy is a permission code, true for a caller who holds it. */
export const permissionCodes: Policies = {
  decide: (caller, _claims, asked) =>
    isUndecided(caller) ? { held: none, undecided: new Set(asked) } : { held: caller.permissions },
};
