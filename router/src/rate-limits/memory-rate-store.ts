import { WeightedCache } from '@platform/foundation/weighted-cache';
import type { Limit, RateLimitCharge, RateLimitState, RateStore } from './limit.js';
import { advanced, type Count, rateLimitState, used } from './sliding-window.js';

/** What the counts of all subjects may weigh, in bytes: some hundred thousand. Beyond it the least recently seen are forgotten. */
const COUNTS = 48 * 1024 * 1024;
/** What one count takes, in bytes. */
const COUNT = 100;
const NOTHING: Count = { age: 0, current: 0, previous: 0 };

/** Counts of this process alone. */
export class MemoryRateStore implements RateStore {
  private readonly counts = new WeightedCache<Count & { readonly at: number }>({
    bytes: COUNTS,
    weigh: () => COUNT,
  });

  constructor(private readonly now: () => number = () => performance.now()) {}

  async take(takes: readonly RateLimitCharge[]): Promise<RateLimitState[]> {
    const counts = takes.map((take) => this.count(take.key, take));
    const fits = takes.map((take, index) => used(counts[index] ?? NOTHING, take) + take.units <= take.limit);
    const taken = fits.every(Boolean);
    return takes.map((take, index) => {
      const { age, current, previous } = counts[index] ?? NOTHING;
      const count = { age, previous, current: current + (taken ? take.units : 0) };
      if (taken) this.learn(take.key, count);
      return rateLimitState(take, count, fits[index] ?? false);
    });
  }

  /** What this process knows of the subject. */
  count(key: string, limit: Limit): Count {
    const known = this.counts.get(key);
    return known ? advanced(known, this.now() - known.at, limit) : NOTHING;
  }

  /** Takes over what is counted elsewhere. */
  learn(key: string, { age, current, previous }: Count): void {
    this.counts.set(key, { age, current, previous, at: this.now() });
  }
}
