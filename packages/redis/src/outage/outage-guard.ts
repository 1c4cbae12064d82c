import type { Logger } from '@platform/foundation/logging';
import type { Redis } from 'ioredis';
import { type OutageLog, outageLogOf } from './outage-log.js';

/** How long Redis is left alone after a failure, so that a hanging one does not slow every request. */
const PAUSE_MS = 1_000;

/** Lets one user of Redis go on without it. Each user has a guard of its own: a Redis that is full refuses writes alone, and one that is slow fails the hasty first. */
export class OutageGuard {
  private readonly log: OutageLog;
  private unavailable = false;
  private retryAt = 0;

  /** @param recover ends an outage, before the first command after it; rejects while it lasts. Without it, a command that succeeds is the end. */
  constructor(
    redis: Redis,
    logger: Logger,
    private readonly recover?: () => Promise<void>,
  ) {
    this.log = outageLogOf(redis, logger);
  }

  /** Whether the last command failed. */
  get isUnavailable(): boolean {
    return this.unavailable;
  }

  /** What the command returns, or the fallback when it fails or Redis is left alone. @param force asks Redis in any case. */
  async run<T>(command: () => Promise<T>, fallback: () => T | Promise<T>, { force = false } = {}): Promise<T> {
    const probing = this.unavailable;
    if (probing && !force && performance.now() < this.retryAt) return fallback();
    if (probing) this.retryAt = performance.now() + PAUSE_MS; // one call finds out; the others do not wait for it
    try {
      if (probing && this.recover) {
        await this.recover();
        this.recovered();
      }
      const result = await command();
      if (probing && !this.recover) this.recovered();
      return result;
    } catch (error) {
      this.unavailable = true;
      this.retryAt = performance.now() + PAUSE_MS;
      this.log.failed(this, error);
      return fallback();
    }
  }

  private recovered(): void {
    this.unavailable = false;
    this.log.recovered(this);
  }
}
