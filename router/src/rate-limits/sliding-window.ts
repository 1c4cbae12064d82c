import type { Limit, RateLimitCharge, RateLimitState } from './limit.js';

/** What is counted of one subject: units of the window that runs, and of the one before. Windows follow the subject's first request. */
export interface Count {
  /** Age of the running window in ms, at `at`. */
  readonly age: number;
  readonly current: number;
  readonly previous: number;
}

/** The count as it is `elapsed` ms later. */
export function advanced({ age, current, previous }: Count, elapsed: number, { window }: Limit): Count {
  const now = Math.max(0, age + elapsed);
  if (now >= 2 * window) return { age: 0, current: 0, previous: 0 };
  if (now >= window) return { age: now - window, current: 0, previous: current };
  return { age: now, current, previous };
}

/** Units that count now: the window before fades out while the running one goes on. */
export const used = ({ age, current, previous }: Count, { window }: Limit): number =>
  current + previous * (1 - age / window);

/** What the count means for a take; `taken` when the count holds the take already. */
export function rateLimitState(take: RateLimitCharge, count: Count, allowed: boolean): RateLimitState {
  const { limit, window } = take;
  return {
    take,
    allowed,
    remaining: Math.max(0, Math.floor(limit - used(count, take))),
    resetAfterMs: (count.current > 0 ? 2 * window : window) - count.age,
    retryAfterMs: allowed ? 0 : waitFor(take, count),
  };
}

/** Ms until `units` can be taken if nobody else takes any. */
function waitFor({ limit, window, units }: RateLimitCharge, { age, current, previous }: Count): number {
  const room = Math.max(0, limit - units);
  if (current <= room) return Math.max(1, fadedTo(room - current, previous, window) - age);
  return window - age + fadedTo(room, current, window);
}

/** The age at which a window before the running one has faded to so many units. */
const fadedTo = (units: number, of: number, window: number): number =>
  of <= units ? 0 : window * (1 - units / Math.max(of, 1));
