import { Coalescer } from '@platform/foundation/coalesce';
import { unbounded } from '@platform/foundation/request-bounds';
import type { Cache } from './cache.js';

/** `remember` for any cache: who asks for a key that is being loaded waits for that load, which ends with nobody's request. */
export class SharedLoads {
  private readonly loads = new Coalescer<unknown>();

  constructor(private readonly cache: Pick<Cache, 'get' | 'set'>) {}

  remember<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    return this.loads.run(key, () => unbounded(() => this.load(key, ttlMs, load))) as Promise<T>;
  }

  private async load<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    const cached = await this.cache.get<T>(key);
    if (cached !== undefined) return cached;
    const value = await load();
    if (value !== undefined) await this.cache.set(key, value, ttlMs);
    return value;
  }
}
