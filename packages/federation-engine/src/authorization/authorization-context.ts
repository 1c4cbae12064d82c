import type { Rule, RuleKind } from '../schema/rule.js';

/** What a caller may do, as far as the supergraph's directives ask. `policies` are the permission codes held. */
export interface AuthorizationContext {
  readonly authenticated: boolean;
  readonly scopes: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
  /** Policies of which nobody can say right now whether they are true; left out when there are none. */
  readonly undecided?: ReadonlySet<string>;
}

/** Nobody: what an operation gets when no caller was resolved. */
export const unauthenticated: AuthorizationContext = { authenticated: false, scopes: new Set(), policies: new Set() };

/** Whoever has these is refused nothing: for routers that only report what they would refuse. */
class Everything extends Set<string> {
  override has(): boolean {
    return true;
  }
}

export const unrestricted: AuthorizationContext = {
  authenticated: true,
  scopes: new Everything(),
  policies: new Everything(),
};

/** Whether the caller satisfies the rule. An empty outer list asks for nothing. */
export function satisfies(authorization: AuthorizationContext, { kind, anyOf }: Rule): boolean {
  if (kind === 'authenticated') return authorization.authenticated;
  const held = heldFor(authorization, kind);
  return anyOf.length === 0 || anyOf.some((allOf) => allOf.every((name) => held.has(name)));
}

/** Whether the caller does not satisfy the rule, but would if what nobody can say right now were true. */
export function isUndecided({ policies, undecided }: AuthorizationContext, { kind, anyOf }: Rule): boolean {
  if (kind !== 'policy' || !undecided || undecided.size === 0) return false;
  return anyOf.some((allOf) => allOf.every((name) => policies.has(name) || undecided.has(name)));
}

/** For every alternative of the rule, what the caller lacks. */
export function missingFor(authorization: AuthorizationContext, { kind, anyOf }: Rule): string[][] {
  const held = heldFor(authorization, kind);
  return anyOf.map((allOf) => allOf.filter((name) => !held.has(name)));
}

const heldFor = (authorization: AuthorizationContext, kind: RuleKind) =>
  kind === 'policy' ? authorization.policies : authorization.scopes;
