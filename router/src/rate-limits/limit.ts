/** So many units within a sliding window of so many ms. */
export interface Limit {
  readonly limit: number;
  readonly window: number;
}

/** Units that one subject takes from one limit. */
export interface RateLimitCharge extends Limit {
  /** The limit's name, for metrics and messages; one of the configured ones. */
  readonly name: string;
  /** Whose count it is: one per limit and subject. */
  readonly key: string;
  readonly units: number;
}

/** How a limit stands after a take; refused, nothing was taken from any. Times are ms. */
export interface RateLimitState {
  readonly take: RateLimitCharge;
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until everything that is counted now is forgotten. */
  readonly resetAfterMs: number;
  /** Until as much can be taken; 0 when it was. */
  readonly retryAfterMs: number;
}

/** Where counts are kept. All takes of one call succeed together, or none does. */
export interface RateStore {
  take(takes: readonly RateLimitCharge[]): Promise<RateLimitState[]>;
}
