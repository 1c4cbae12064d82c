import { randomUUID } from 'node:crypto';
import { CodedError } from '@platform/foundation/errors';
import { bytesOfText, WeightedCache } from '@platform/foundation/weighted-cache';
import type { Redis } from '@platform/redis/connection';

/** Stamps say whether something cached is still true. Writers raise them after their commit and before they answer; readers compare. */
export interface VersionStamps {
  /** Gives each key a new stamp. @throws VersionsUnavailable when that cannot be made sure: the writer must not answer success. */
  raise(keys: readonly string[]): Promise<void>;
  /** The stamps of the keys, in their order. @throws VersionsUnavailable when they cannot be read: the reader asks the owner. */
  read(keys: readonly string[]): Promise<string[]>;
}

/** The store of the stamps does not answer. */
export class VersionsUnavailable extends CodedError {
  constructor() {
    super('SERVICE_UNAVAILABLE', 'The change cannot be made known everywhere right now. Try again in a moment.');
  }
}

/** The key that is raised when anything about one user's sessions, state or roles changes. */
export const userVersion = (userId: string): string => `user:${userId}`;

/** The key that is raised when what a role permits changes. */
export const ROLES_VERSION = 'roles';

/** The key that is raised when a key that signs access tokens comes or is revoked. */
export const SIGNING_KEYS_VERSION = 'signing-keys';

/** What the stamps that were raised may weigh, in bytes: those of some fifty thousand users. */
const KEPT = 16 * 1024 * 1024;

/** Stamps of the embedded topology, where every reader and writer lives in this process. When one is forgotten, everything that was never raised counts as changed. */
export class MemoryVersionStamps implements VersionStamps {
  private readonly stamps = new WeightedCache<string>({ bytes: KEPT, weigh: bytesOfText });
  private unraised: string = randomUUID();

  async raise(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const before = this.stamps.size;
      const known = this.stamps.has(key);
      this.stamps.set(key, randomUUID());
      if (!known && this.stamps.size <= before) this.unraised = randomUUID();
    }
  }

  async read(keys: readonly string[]): Promise<string[]> {
    return keys.map((key) => this.stamps.get(key) ?? this.unraised);
  }
}

const PREFIX = 'version:';

/** Stamps shared by processes. They are random, and a missing one is made on reading, so that losing Redis's data reads as "everything changed". */
export class RedisVersionStamps implements VersionStamps {
  constructor(private readonly redis: Redis) {}

  async raise(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.available(this.redis.mset(keys.flatMap((key) => [PREFIX + key, randomUUID()])));
  }

  async read(keys: readonly string[]): Promise<string[]> {
    const found = await this.available(this.redis.mget(keys.map((key) => PREFIX + key)));
    if (found.every((stamp) => stamp !== null)) return found as string[];

    const missing = keys.filter((_, index) => found[index] === null);
    const make = this.redis.pipeline();
    for (const key of missing) make.setnx(PREFIX + key, randomUUID());
    await this.available(make.exec());
    return (await this.available(this.redis.mget(keys.map((key) => PREFIX + key)))).map(
      (stamp) => stamp ?? randomUUID(),
    );
  }

  private async available<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch {
      throw new VersionsUnavailable();
    }
  }
}
