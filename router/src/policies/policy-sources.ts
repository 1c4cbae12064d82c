import type { Caller } from '@platform/auth';
import type { AccessClaims } from '../authentication/token-verifier.js';
import type { DecidedPolicies, Policies } from './policies.js';
import type { PolicyRules } from './policy-rules.js';

/** Policies with a rule are decided by it, all others by the second source. */
export class PolicySources implements Policies {
  constructor(
    private readonly rules: PolicyRules,
    private readonly others: Policies,
  ) {}

  async decide(caller: Caller, claims: AccessClaims | null, asked: readonly string[]): Promise<DecidedPolicies> {
    const byRule = this.rules.decide(caller, claims);
    const rest = asked.filter((policy) => !this.rules.has(policy));
    if (rest.length === 0) return byRule;
    const byOthers = await this.others.decide(caller, claims, rest);
    return { ...byOthers, held: new Set([...byRule.held, ...byOthers.held]) };
  }
}
