import { randomUUID } from 'node:crypto';
import type { Clock } from '@platform/foundation/clock';
import { RateLimited } from '@platform/foundation/errors';
import type { Cache } from '@platform/redis/cache';

/** How waits grow: none for the first failures, then `baseDelay` ms, doubled by each further one up to `maxDelay`. */
export interface WaitPolicy {
  readonly freeAttempts: number;
  readonly baseDelay: number;
  readonly maxDelay: number;
}

/** When the next attempt may be made, and the turn that admits it. */
interface Wait {
  readonly until: number;
  readonly turn: string;
}

/** One counter of attempts, whose failures make the next attempt wait. */
export interface Gate {
  readonly key: string;
  readonly policy: WaitPolicy;
}

const NO_WAIT: Wait = { until: 0, turn: 'first' };

/** How long (ms) parallel attempts may still hold the same turn. */
const TURN_LIFETIME = 60_000;

/** Counts attempts before they are made, so that any number at once cannot all pass: beyond the free ones, each wait admits one. */
export class LoginBackoff {
  constructor(
    private readonly cache: Cache,
    private readonly clock: Clock,
    private readonly window: number,
  ) {}

  /** @throws RateLimited while a wait lasts, without counting. */
  async refuseWaiting(gates: readonly Gate[]): Promise<void> {
    const waits = await Promise.all(gates.map((gate) => this.waitOf(gate)));
    this.refuseUntil(Math.max(...waits.map(({ until }) => until)));
  }

  /** Counts an attempt. @throws RateLimited, without counting, while a wait lasts or when another attempt has the turn. */
  async enter({ key, policy }: Gate): Promise<void> {
    const wait = await this.waitOf({ key, policy });
    this.refuseUntil(wait.until);
    const attempts = await this.cache.increment(`${key}:attempts`, this.window);
    const delay = delayAfter(attempts, policy);
    if (delay === 0) return;

    const until = this.clock.now().getTime() + delay;
    if ((await this.cache.increment(`${key}:turn:${wait.turn}`, TURN_LIFETIME)) > 1) {
      await this.cache.increment(`${key}:attempts`, this.window, -1);
      this.refuseUntil(until);
    }
    await this.cache.set(`${key}:wait`, { until, turn: randomUUID() } satisfies Wait, this.window);
  }

  /** Takes an attempt back: it was no failure. */
  async leave({ key, policy }: Gate): Promise<void> {
    const before = (await this.cache.increment(`${key}:attempts`, this.window, -1)) + 1;
    if (delayAfter(before, policy) > 0) await this.open(key);
  }

  /** Forgets every failure. */
  async reset({ key }: Gate): Promise<void> {
    await this.cache.delete(`${key}:attempts`);
    await this.open(key);
  }

  private open(key: string): Promise<void> {
    return this.cache.set(`${key}:wait`, { until: 0, turn: randomUUID() } satisfies Wait, this.window);
  }

  /** No wait is longer than the longest: one that says so is of before the clock was set back, and begins anew. */
  private async waitOf({ key, policy }: Gate): Promise<Wait> {
    const wait = (await this.cache.get<Wait>(`${key}:wait`)) ?? NO_WAIT;
    const latest = this.clock.now().getTime() + policy.maxDelay;
    if (wait.until <= latest) return wait;
    const begun = { ...wait, until: latest };
    await this.cache.set(`${key}:wait`, begun, this.window);
    return begun;
  }

  private refuseUntil(until: number): void {
    const remaining = until - this.clock.now().getTime();
    if (remaining > 0) throw new RateLimited(Math.ceil(remaining / 1000));
  }
}

function delayAfter(attempts: number, { freeAttempts, baseDelay, maxDelay }: WaitPolicy): number {
  if (attempts < freeAttempts) return 0;
  return Math.min(maxDelay, baseDelay * 2 ** Math.min(attempts - freeAttempts, 30));
}
