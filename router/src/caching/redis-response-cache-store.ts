import type { ResponseCacheStore, StoredText } from '@platform/federation-engine';
import { Coalescer } from '@platform/foundation/coalesce';
import type { Logger } from '@platform/foundation/logging';
import type { Redis } from '@platform/redis/connection';
import { OutageGuard } from '@platform/redis/outage';

interface RedisAnswerStoreOptions {
  readonly redis: Redis;
  readonly logger: Logger;
  /** How long a request waits for Redis before it asks the subgraph instead, in ms. */
  readonly patience: number;
}

/** What the keys whose replacement waits for Redis may take, in characters; beyond it `OVERFLOW` is replaced, which every answer depends on. */
const MOST_OWED = 1_000_000;
const OVERFLOW = 'tag:everything';
const PREFIX = 'router:';

/**
 * Answers that routers share. Nobody waits for Redis longer than `patience`: while it is away or slow, subgraphs are asked as
 * without a cache, and what was to be invalidated meanwhile is invalidated before anything is read again.
 */
export class RedisResponseCacheStore implements ResponseCacheStore {
  private readonly guard: OutageGuard;
  private readonly owed = new Map<string, { readonly text: string; readonly ttl: number }>();
  private owedCharacters = 0;
  private readonly payments = new Coalescer<void>();

  constructor(private readonly options: RedisAnswerStoreOptions) {
    this.guard = new OutageGuard(options.redis, options.logger);
  }

  async read(keys: readonly string[]): Promise<readonly (string | null)[] | undefined> {
    return this.attempt(async ({ redis }) => redis.mget(keys.map(inRedis)));
  }

  async write(entries: readonly StoredText[]): Promise<void> {
    await this.attempt(async ({ redis }) => {
      const commands = redis.pipeline();
      for (const { key, text, ttl } of entries) commands.set(inRedis(key), text, 'PX', Math.ceil(ttl));
      await all(commands);
    });
  }

  async claim(keys: readonly string[], text: string, ttl: number): Promise<readonly boolean[]> {
    const claimed = await this.attempt(async ({ redis }) => {
      const commands = redis.pipeline();
      for (const key of keys) commands.set(inRedis(key), text, 'PX', ttl, 'NX');
      return all(commands);
    });
    return keys.map((_, index) => claimed?.[index] === 'OK');
  }

  async replace(keys: readonly string[], text: string, ttl: number): Promise<void> {
    for (const key of keys) this.owe(key, text, ttl);
    if (!(await this.attempt(async () => true, true)))
      throw new Error('Redis is away: kept answers cannot be invalidated now');
  }

  /** Undefined when Redis is not to be asked now, or did not answer in time. */
  private attempt<T>(work: (options: RedisAnswerStoreOptions) => Promise<T>, force = false): Promise<T | undefined> {
    return this.guard.run<T | undefined>(
      () =>
        this.inTime(async () => {
          if (this.owed.size > 0) await this.pay();
          return work(this.options);
        }),
      () => undefined,
      { force },
    );
  }

  private inTime<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const { patience } = this.options;
      const timer = setTimeout(() => reject(new Error(`Redis has not answered within ${patience} ms`)), patience);
      work()
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  private owe(key: string, text: string, ttl: number): void {
    const fits = this.owed.has(key) || this.owedCharacters + key.length <= MOST_OWED;
    const replaced = fits ? key : OVERFLOW;
    if (!this.owed.has(replaced)) this.owedCharacters += replaced.length;
    this.owed.set(replaced, { text, ttl });
  }

  private async pay(): Promise<void> {
    await this.payments.run('', () => this.replaceOwed());
    if (this.owed.size > 0) await this.pay();
  }

  private async replaceOwed(): Promise<void> {
    const owed = [...this.owed];
    const commands = this.options.redis.pipeline();
    for (const [key, { text, ttl }] of owed) commands.set(inRedis(key), text, 'PX', ttl);
    await all(commands);
    for (const [key, value] of owed) {
      if (this.owed.get(key) !== value) continue;
      this.owed.delete(key);
      this.owedCharacters -= key.length;
    }
  }
}

const inRedis = (key: string): string => PREFIX + key;

/** The results of a pipeline. @throws the first failure among them. */
async function all(commands: ReturnType<Redis['pipeline']>): Promise<unknown[]> {
  const results = (await commands.exec()) ?? [];
  return results.map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}
