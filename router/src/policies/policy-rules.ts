import type { Caller } from '@platform/auth';
import type { AccessClaims } from '../authentication/token-verifier.js';
import type { DecidedPolicies, Policies } from './policies.js';

type ClaimValue = string | number | boolean;

/** Conditions that all have to hold; of a list one entry has to. */
export interface PolicyRule {
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  /** By claim, or by the path to it (`realm_access.roles`): what it has to be, or to contain. */
  readonly claims?: Readonly<Record<string, ClaimValue | readonly ClaimValue[]>>;
}

const none: DecidedPolicies = { held: new Set() };

/** Policies that are decided by what the caller's token says. For an anonymous caller none is true. */
export class PolicyRules implements Policies {
  private readonly decided = new WeakMap<AccessClaims, DecidedPolicies>();

  constructor(
    private readonly rules: Readonly<Record<string, PolicyRule>>,
    private readonly rolesClaim: string,
  ) {}

  has(policy: string): boolean {
    return Object.hasOwn(this.rules, policy);
  }

  decide(_caller: Caller, claims: AccessClaims | null): DecidedPolicies {
    if (!claims) return none;
    const known = this.decided.get(claims);
    if (known) return known;
    const held = Object.entries(this.rules).filter(([, rule]) => this.holds(rule, claims));
    const decided = { held: new Set(held.map(([policy]) => policy)) };
    this.decided.set(claims, decided);
    return decided;
  }

  private holds({ roles, scopes, claims = {} }: PolicyRule, { scopes: held, payload }: AccessClaims): boolean {
    if (roles && !includesOne(claimAt(payload, this.rolesClaim), roles)) return false;
    if (scopes && !scopes.some((scope) => held.has(scope))) return false;
    return Object.entries(claims).every(([claim, wanted]) => includesOne(claimAt(payload, claim), [wanted].flat()));
  }
}

/** A claim's value or, where it is a list, any of its entries. */
const includesOne = (value: unknown, wanted: readonly ClaimValue[]): boolean =>
  [value].flat().some((entry) => wanted.includes(entry as ClaimValue));

/** The claim of that name; else what is at the end of the path. */
function claimAt(payload: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      payload,
    );
}
