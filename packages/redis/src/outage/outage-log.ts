import type { Logger } from '@platform/foundation/logging';
import type { Redis } from 'ioredis';

/** One line for each outage of a connection, and one for its end, whoever notices first. */
export class OutageLog {
  private readonly failing = new Set<object>();

  constructor(private readonly logger: Logger) {}

  /** A user of the connection, or the connection itself, cannot use Redis. */
  failed(user: object, error: unknown): void {
    if (this.failing.size === 0)
      this.logger.warn({ reason: String(error) }, 'redis unavailable; using in-memory fallback');
    this.failing.add(user);
  }

  /** The user can use Redis. */
  recovered(user: object): void {
    if (this.failing.delete(user) && this.failing.size === 0) this.logger.info('redis available again');
  }

  /** There is a new connection, which everybody may use. */
  reconnected(): void {
    if (this.failing.size > 0) this.logger.info('redis available again');
    this.failing.clear();
  }
}

const logs = new WeakMap<Redis, OutageLog>();

/** The log of a connection, shared by all who use it. */
export function outageLogOf(redis: Redis, logger: Logger): OutageLog {
  const log = logs.get(redis) ?? new OutageLog(logger);
  logs.set(redis, log);
  return log;
}
