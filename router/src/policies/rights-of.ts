import type { Caller } from '@platform/auth';
import type { AuthorizationContext, Operation } from '@platform/federation-engine';
import type { AccessClaims } from '../authentication/token-verifier.js';
import type { Policies } from './policies.js';

/** Whoever an operation is run for. */
interface Bearer {
  readonly caller: Caller;
  /** Null for anonymous callers. */
  readonly claims: AccessClaims | null;
}

/** What the supergraph's directives ask of a caller, for one operation. */
export async function rightsOf(
  policies: Policies,
  { caller, claims }: Bearer,
  operation: Operation,
): Promise<AuthorizationContext> {
  const { held, undecided } = await policies.decide(caller, claims, operation.policies);
  return {
    authenticated: caller.kind !== 'anonymous',
    scopes: claims?.scopes ?? new Set(),
    policies: held,
    ...(undecided && { undecided }),
  };
}

const none: ReadonlySet<string> = new Set();

/** What both rights allow. What is undecided in one of them is so in both. */
export const commonRights = (a: AuthorizationContext, b: AuthorizationContext): AuthorizationContext => ({
  authenticated: a.authenticated && b.authenticated,
  scopes: new Set([...a.scopes].filter((scope) => b.scopes.has(scope))),
  policies: new Set([...a.policies].filter((policy) => b.policies.has(policy))),
  undecided: new Set([...(a.undecided ?? none), ...(b.undecided ?? none)]),
});

/** Whether the rights allow the same. */
export const sameRights = (a: AuthorizationContext, b: AuthorizationContext): boolean =>
  a === b ||
  (a.authenticated === b.authenticated &&
    sameSets(a.scopes, b.scopes) &&
    sameSets(a.policies, b.policies) &&
    sameSets(a.undecided, b.undecided));

const sameSets = (a: ReadonlySet<string> = none, b: ReadonlySet<string> = none): boolean =>
  a === b || (a.size === b.size && [...a].every((entry) => b.has(entry)));
