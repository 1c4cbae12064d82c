import type { Caller } from '@platform/kernel/auth';
import type { AccessClaims } from '../callers/token-verifier.js';
import type { Policies } from './policies.js';
import type { PolicyRules } from './policy-rules.js';

/** Policies with a rule are decided by it, all others by the second source. */
export class PolicySources implements Policies {
  constructor(
    private readonly rules: PolicyRules,
    private readonly others: Policies,
  ) {}

  async held(caller: Caller, claims: AccessClaims | null, asked: readonly string[]): Promise<ReadonlySet<string>> {
    const byRule = this.rules.held(caller, claims);
    const rest = asked.filter((policy) => !this.rules.has(policy));
    if (rest.length === 0) return byRule;
    return new Set([...byRule, ...(await this.others.held(caller, claims, rest))]);
  }
}
