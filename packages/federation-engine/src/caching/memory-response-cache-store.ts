import { bytesOfText, WeightedCache } from '@platform/foundation/weighted-cache';
import type { ResponseCacheStore, StoredText } from './response-cache-store.js';

/** Answers in this process's memory; beyond its bytes the least recently used go. Whether one is still good stands in its text. */
export class MemoryResponseCacheStore implements ResponseCacheStore {
  private readonly texts: WeightedCache<string>;

  constructor(maxBytes: number) {
    this.texts = new WeightedCache({ bytes: maxBytes, weigh: bytesOfText });
  }

  async read(keys: readonly string[]): Promise<readonly (string | null)[]> {
    return keys.map((key) => this.texts.get(key) ?? null);
  }

  async write(entries: readonly StoredText[]): Promise<void> {
    for (const { key, text } of entries) this.texts.set(key, text);
  }

  async claim(keys: readonly string[], text: string): Promise<readonly boolean[]> {
    return keys.map((key) => {
      const free = !this.texts.has(key);
      if (free) this.texts.set(key, text);
      return free;
    });
  }

  async replace(keys: readonly string[], text: string): Promise<void> {
    for (const key of keys) this.texts.set(key, text);
  }
}
