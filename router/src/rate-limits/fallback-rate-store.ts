import type { OutageGuard } from '@platform/redis/outage';
import type { RateLimitCharge, RateLimitState, RateStore } from './limit.js';

/** The counts that processes share, and this process's own while those are unavailable: stricter or looser by a few, never open. */
export class FallbackRateStore implements RateStore {
  constructor(
    private readonly shared: RateStore,
    private readonly own: RateStore,
    private readonly guard: OutageGuard,
  ) {}

  /** True while every process counts for itself. */
  get local(): boolean {
    return this.guard.isUnavailable;
  }

  take(takes: readonly RateLimitCharge[]): Promise<RateLimitState[]> {
    return this.guard.run(
      () => this.shared.take(takes),
      () => this.own.take(takes),
    );
  }
}
