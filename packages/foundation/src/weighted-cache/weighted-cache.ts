import { LRUCache } from 'lru-cache';

/** What an entry takes besides its key and its value, in bytes. */
const OVERHEAD = 200;

interface WeightedCacheOptions<Value> {
  /** What all entries together may weigh; the least recently used go first, and what is heavier by itself is not kept. */
  readonly bytes: number;
  /** What a value takes in memory, in bytes; a rough estimate will do, as long as it grows with the value. */
  readonly weigh: (value: Value) => number;
  /** How long an entry is good, in ms. Default: for as long as there is room. */
  readonly lifetime?: number;
}

/** Entries bounded by what they weigh. A number of entries bounds nothing where clients decide how large each of them is. */
export class WeightedCache<Value extends NonNullable<unknown>> extends LRUCache<string, Value> {
  constructor({ bytes, weigh, lifetime }: WeightedCacheOptions<Value>) {
    super({
      maxSize: Math.max(1, Math.floor(bytes)),
      sizeCalculation: (value, key) => Math.ceil(OVERHEAD + bytesOfText(key) + weigh(value)),
      ...(lifetime !== undefined && { ttl: lifetime }),
    });
  }
}

/** What a text takes at most: two bytes for each of its code units. */
export const bytesOfText = (text: string): number => 2 * text.length;
