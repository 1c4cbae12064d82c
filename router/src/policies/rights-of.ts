import type { Caller } from '@platform/kernel/auth';
import type { AccessClaims } from '../callers/token-verifier.js';
import type { Operation, Rights } from '../engine/index.js';
import type { Policies } from './policies.js';

/** Whoever an operation is run for. */
interface Bearer {
  readonly caller: Caller;
  /** Null for anonymous callers. */
  readonly claims: AccessClaims | null;
}

/** What the supergraph's directives ask of a caller, for one operation. */
export async function rightsOf(policies: Policies, { caller, claims }: Bearer, operation: Operation): Promise<Rights> {
  return {
    authenticated: caller.kind !== 'anonymous',
    scopes: claims?.scopes ?? new Set(),
    policies: await policies.held(caller, claims, operation.policies),
  };
}

/** What both rights allow. */
export const commonRights = (a: Rights, b: Rights): Rights => ({
  authenticated: a.authenticated && b.authenticated,
  scopes: new Set([...a.scopes].filter((scope) => b.scopes.has(scope))),
  policies: new Set([...a.policies].filter((policy) => b.policies.has(policy))),
});

/** Whether the rights allow the same. */
export const sameRights = (a: Rights, b: Rights): boolean =>
  a === b || (a.authenticated === b.authenticated && sameSets(a.scopes, b.scopes) && sameSets(a.policies, b.policies));

const sameSets = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a === b || (a.size === b.size && [...a].every((entry) => b.has(entry)));
