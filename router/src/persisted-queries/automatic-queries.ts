import { createHash } from 'node:crypto';
import { currentAsker } from '@platform/foundation/fair-shares';
import { bytesOfText, WeightedCache } from '@platform/foundation/weighted-cache';
import type { Cache } from '@platform/redis/cache';

/** One asker may have one of so many parts. */
const SHARES = 16;

interface AutomaticQueryOptions {
  /** Longer texts are answered and not kept, in bytes. */
  readonly maxBytes: number;
  /** What this process keeps of them, in bytes. */
  readonly maxMemory: number;
  /** How long a text is kept after its last registration, in ms. */
  readonly lifetime: number;
  /** What this process may put into the shared cache within a lifetime, in bytes; one asker a sixteenth of it. */
  readonly sharedMemory: number;
  /** What several routers share; undefined where there is one alone. */
  readonly shared: Cache | undefined;
}

/** Texts that clients have registered under their SHA-256 (automatic persisted queries). A hash never stands for anything but its own text. */
export class AutomaticQueries {
  private readonly own: WeightedCache<string>;
  /** Bytes put into the shared cache since then, in all and by asker. */
  private since = performance.now();
  private shared = 0;
  private readonly sharedBy = new WeightedCache<number>({ bytes: 8 * 1024 * 1024, weigh: () => 50 });

  constructor(private readonly options: AutomaticQueryOptions) {
    const { maxMemory, lifetime } = options;
    this.own = new WeightedCache({ bytes: maxMemory, weigh: bytesOfText, lifetime });
  }

  async find(hash: string): Promise<string | undefined> {
    const key = hash.toLowerCase();
    if (!SHA256.test(key)) return undefined;
    const own = this.own.get(key);
    if (own !== undefined) return own;
    const text = await this.options.shared?.get(keyOf(key));
    // Whoever else writes to the shared cache decides nothing here.
    if (typeof text !== 'string' || !isHashOf(key, text)) return undefined;
    this.own.set(key, text);
    return text;
  }

  async keep(hash: string, text: string): Promise<void> {
    const key = hash.toLowerCase();
    if (Buffer.byteLength(text) > this.options.maxBytes || this.own.has(key)) return;
    this.own.set(key, text);
    if (this.options.shared && this.mayShare(bytesOfText(text) + OVERHEAD)) {
      await this.options.shared.set(keyOf(key), text, this.options.lifetime);
    }
  }

  /** The shared cache has revocation versions and throttles, too: whatever clients register, it is not filled with that. */
  private mayShare(bytes: number): boolean {
    const { sharedMemory, lifetime } = this.options;
    const now = performance.now();
    if (now - this.since >= lifetime) {
      this.since = now;
      this.shared = 0;
      this.sharedBy.clear();
    }
    const { key } = currentAsker();
    const own = (this.sharedBy.get(key) ?? 0) + bytes;
    if (this.shared + bytes > sharedMemory || own > sharedMemory / SHARES) return false;
    this.shared += bytes;
    this.sharedBy.set(key, own);
    return true;
  }
}

/** What a key takes in the shared cache, in bytes. */
const OVERHEAD = 300;

const SHA256 = /^[0-9a-f]{64}$/;

/** Whether the text has this hash. */
export const isHashOf = (hash: string, text: string): boolean =>
  createHash('sha256').update(text).digest('hex') === hash.toLowerCase();

const keyOf = (hash: string): string => `persisted-query:${hash}`;
