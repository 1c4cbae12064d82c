import { RateLimited } from '@platform/foundation/errors';
import { networkOf } from '@platform/foundation/fair-shares';
import type { Metrics } from '@platform/foundation/metrics';
import type { RateLimitCharge, RateLimitState, RateStore } from './limit.js';
import { RateLimitMetrics } from './rate-limit-metrics.js';
import type { RateLimitRule, RateLimitRules } from './rules.js';

/** Who takes: an address, and a user or service account once it is known. */
export interface Subject {
  readonly clientIp: string | undefined;
  readonly userId?: string | null;
}

/** What one operation takes beyond counting as one: its cost, and how often it asks for each root field. */
export interface OperationUse {
  readonly name: string | undefined;
  /** The root type that the fields belong to, by its usual name. */
  readonly rootType: keyof RateLimitRules['fields'];
  /** `login` → 3 when the operation logs in three times. */
  readonly fields: ReadonlyMap<string, number>;
  /** The estimated cost; undefined where it is not estimated. */
  readonly cost: number | undefined;
}

/** The limits in force, and what is counted against them. The rules may change while it runs. */
export class RateLimits {
  constructor(
    private readonly store: RateStore,
    public rules: RateLimitRules,
    private readonly metrics: Metrics,
  ) {}

  /** @throws RateLimited */
  byIp(subject: Subject): Promise<readonly RateLimitState[]> {
    return this.take([take('ip', addressKey(subject), this.rules.perIp)]);
  }

  /** Nothing is taken of somebody unknown: their address is limited. @throws RateLimited */
  byUser({ userId }: Subject): Promise<readonly RateLimitState[]> {
    return this.take(userId ? [take('user', `user:${userId}`, this.rules.perUser)] : []);
  }

  /** @throws RateLimited */
  byOperation(subject: Subject, { name, rootType, fields, cost }: OperationUse): Promise<readonly RateLimitState[]> {
    const { rules } = this;
    const takes: RateLimitCharge[] = [];
    const rule = name === undefined ? undefined : own(rules.operations, name);
    if (rule) takes.push(take(`operation ${name}`, ruleKey(subject, rule), rule));
    for (const [field, times] of fields) {
      const ofField = own(rules.fields[rootType], field);
      if (ofField) takes.push(take(`${rootType}.${field}`, ruleKey(subject, ofField), ofField, times));
    }
    if (rules.cost && cost && cost >= rules.cost.from)
      takes.push(take('cost', callerKey(subject), rules.cost, Math.ceil(cost)));
    return this.take(takes);
  }

  private async take(takes: readonly RateLimitCharge[]): Promise<readonly RateLimitState[]> {
    if (!this.rules.enabled || takes.length === 0) return [];
    const standings = await this.store.take(takes);
    const refused = standings.filter(({ allowed }) => !allowed);
    if (refused.length === 0) return standings;
    for (const { take } of refused) this.metrics.of(RateLimitMetrics).rejections.inc({ limit: take.name });
    throw new RateLimitExceeded(standings, Math.max(...refused.map(({ retryAfterMs }) => retryAfterMs)));
  }
}

/** A refusal that knows how the limits stand, for the headers of its answer. */
export class RateLimitExceeded extends RateLimited {
  constructor(
    readonly standings: readonly RateLimitState[],
    retryAfterMs: number,
  ) {
    super(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  }
}

/** One hash tag per subject: in a Redis Cluster all counts of one call live in one place. */
const take = (
  name: string,
  subject: string,
  { limit, window }: { limit: number; window: number },
  units = 1,
): RateLimitCharge => ({
  name,
  key: `{${subject}}:${name}`,
  limit,
  window,
  units,
});

const addressKey = ({ clientIp }: Subject): string => `ip:${clientIp === undefined ? 'unknown' : networkOf(clientIp)}`;

const callerKey = (subject: Subject): string => (subject.userId ? `user:${subject.userId}` : addressKey(subject));

const ruleKey = (subject: Subject, { per }: RateLimitRule): string =>
  per === 'user' ? callerKey(subject) : addressKey(subject);

const own = <T>(rules: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(rules, name) ? rules[name] : undefined;
