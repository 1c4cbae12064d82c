import { unbounded } from '@platform/foundation/request-bounds';
import type { Cache } from './cache.js';

/** `remember` for any cache: who asks for a key that is being loaded waits for that load, which ends with nobody's request. */
export class SharedLoads {
  private readonly loading = new Map<string, Promise<unknown>>();

  constructor(private readonly cache: Pick<Cache, 'get' | 'set'>) {}

  remember<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    const current = this.loading.get(key) as Promise<T> | undefined;
    if (current) return current;
    const loading = unbounded(() => this.load(key, ttlMs, load)).finally(() => this.loading.delete(key));
    this.loading.set(key, loading);
    return loading;
  }

  private async load<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    const cached = await this.cache.get<T>(key);
    if (cached !== undefined) return cached;
    const value = await load();
    if (value !== undefined) await this.cache.set(key, value, ttlMs);
    return value;
  }
}
