/**
 * A place for values that can be lost at any time and are never the only guard of a security decision.
 * Values are stored as JSON, so readers share nothing with writers.
 */
export interface Cache {
  /** The value, or undefined when there is none or its time is over. */
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Adds to a counter and answers its new value. A new counter starts at 0 and lives `ttlMs` from then on. */
  increment(key: string, ttlMs: number, by?: number): Promise<number>;
  /** The cached value, or the one that `load` gives, kept for `ttlMs`. Concurrent callers of this process share one load; `undefined` is not kept. */
  remember<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T>;
}
