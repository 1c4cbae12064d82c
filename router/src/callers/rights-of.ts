import type { Caller } from '@platform/kernel/auth';
import type { Rights } from '../engine/index.js';

/** What the supergraph's directives ask of a caller. A policy is a permission code: it is true for a caller who holds it. */
export const rightsOf = (caller: Caller, scopes: ReadonlySet<string>): Rights => ({
  authenticated: caller.kind !== 'anonymous',
  scopes,
  policies: caller.permissions,
});

/** What both rights allow. */
export const commonRights = (a: Rights, b: Rights): Rights => ({
  authenticated: a.authenticated && b.authenticated,
  scopes: new Set([...a.scopes].filter((scope) => b.scopes.has(scope))),
  policies: new Set([...a.policies].filter((policy) => b.policies.has(policy))),
});
