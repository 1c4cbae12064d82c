import { createHash } from 'node:crypto';
import type { Caller } from '@platform/auth';
import { Coalescer } from '@platform/foundation/coalesce';
import type { Logger } from '@platform/foundation/logging';
import { outboundRequest } from '@platform/foundation/outbound';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import type { AccessClaims } from '../authentication/token-verifier.js';
import type { DecidedPolicies, Policies } from './policies.js';

interface PolicyEndpointOptions {
  readonly url: string;
  /** In ms. */
  readonly timeout: number;
  /** How long a decision holds for the same claims, in ms. */
  readonly cacheLifetime: number;
  /** In bytes. */
  readonly cacheMemory: number;
}

const LARGEST_ANSWER = 1024 * 1024;

/**
 * Policies that somebody else decides: POST `{ policies, claims }` answers the list of those that are true; `claims` is null
 * for anonymous callers. One request asks for all that an operation needs and that is not known. No answer: they are undecided.
 */
export class PolicyEndpoint implements Policies {
  private readonly decisions: WeightedCache<boolean>;
  private readonly requests = new Coalescer<DecidedPolicies>();
  private readonly fingerprints = new WeakMap<AccessClaims, string>();

  constructor(
    private readonly options: PolicyEndpointOptions,
    private readonly logger: Logger,
  ) {
    this.decisions = new WeightedCache({
      bytes: options.cacheMemory,
      weigh: () => 0,
      lifetime: options.cacheLifetime || 1,
    });
  }

  async decide(_caller: Caller, claims: AccessClaims | null, asked: readonly string[]): Promise<DecidedPolicies> {
    const subject = this.fingerprint(claims);
    const held = new Set<string>();
    const unknown: string[] = [];
    for (const policy of asked) {
      const decision = this.decisions.get(`${subject} ${policy}`);
      if (decision === undefined) unknown.push(policy);
      else if (decision) held.add(policy);
    }
    if (unknown.length === 0) return { held };
    const answer = await this.ask(subject, claims, unknown);
    return { ...answer, held: new Set([...held, ...answer.held]) };
  }

  /** Requests that need the same answer at the same time share it. */
  private ask(subject: string, claims: AccessClaims | null, policies: readonly string[]): Promise<DecidedPolicies> {
    const key = `${subject} ${JSON.stringify(policies)}`;
    return this.requests.run(key, () => this.answer(subject, claims, policies));
  }

  private async answer(
    subject: string,
    claims: AccessClaims | null,
    policies: readonly string[],
  ): Promise<DecidedPolicies> {
    try {
      const answered = await this.post({ policies, claims: claims?.payload ?? null });
      const held = new Set(policies.filter((policy) => answered.includes(policy)));
      if (this.options.cacheLifetime > 0) {
        for (const policy of policies) this.decisions.set(`${subject} ${policy}`, held.has(policy));
      }
      return { held };
    } catch (error) {
      this.logger.error({ err: error, policies }, 'policy endpoint unavailable; policies stay undecided');
      return { held: new Set(), undecided: new Set(policies) };
    }
  }

  private async post(body: unknown): Promise<readonly unknown[]> {
    const response = await outboundRequest(this.options.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      timeout: this.options.timeout,
      maxBytes: LARGEST_ANSWER,
    });
    if (!response.ok) throw new Error(`The policy endpoint answered ${response.status}`);
    const answer = response.json();
    if (!Array.isArray(answer)) throw new Error('The policy endpoint answered no list');
    return answer;
  }

  private fingerprint(claims: AccessClaims | null): string {
    if (!claims) return 'anonymous';
    let fingerprint = this.fingerprints.get(claims);
    if (!fingerprint) {
      fingerprint = createHash('sha256').update(JSON.stringify(claims.payload)).digest('base64');
      this.fingerprints.set(claims, fingerprint);
    }
    return fingerprint;
  }
}
