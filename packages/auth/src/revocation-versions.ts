import { randomUUID } from 'node:crypto';
import { CodedError } from '@platform/foundation/errors';
import { bytesOfText, WeightedCache } from '@platform/foundation/weighted-cache';
import type { Redis } from '@platform/redis/connection';

/** Versions by which something cached is revoked: sessions, rights, signing keys. Writers bump them after their commit and before they return; readers compare. */
export interface RevocationVersions {
  /** Gives each key a new version, which revokes what was cached under the one before. @throws RevocationStoreUnavailable when that cannot be made sure: the writer must not answer success. */
  bump(keys: readonly string[]): Promise<void>;
  /** The revocations of the keys, in their order. @throws RevocationStoreUnavailable when they cannot be read: the reader asks the owner. */
  read(keys: readonly string[]): Promise<string[]>;
}

/** The store of the revocation versions is unavailable. */
export class RevocationStoreUnavailable extends CodedError {
  constructor() {
    super('SERVICE_UNAVAILABLE', 'The change cannot be made known everywhere right now. Try again in a moment.');
  }
}

/** The key that is bumped when anything about one user's sessions, state or roles changes. */
export const userVersion = (userId: string): string => `user:${userId}`;

/** The key that is bumped when a service account is disabled or deleted, or its roles change. */
export const serviceAccountVersion = (serviceAccountId: string): string => `service-account:${serviceAccountId}`;

/** The key that is bumped when an API key is revoked. */
export const apiKeyVersion = (apiKeyId: string): string => `api-key:${apiKeyId}`;

/** The key that is bumped when a tenant's state changes, or what one of its roles permits. */
export const tenantVersion = (tenantId: string): string => `tenant:${tenantId}`;

/** The key that is bumped when something may have changed in any tenant. */
export const ALL_TENANTS_VERSION = 'tenants';

/** The key that is bumped when a key that signs access tokens comes or is revoked. */
export const SIGNING_KEYS_VERSION = 'signing-keys';

/** What the versions that were bumped may weigh, in bytes: those of some fifty thousand users. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Revocation versions of the embedded topology, where every reader and writer lives in this process. When one is evicted, everything that was never bumped counts as changed. */
export class MemoryRevocationVersions implements RevocationVersions {
  private readonly versions = new WeightedCache<string>({ bytes: MAX_BYTES, weigh: bytesOfText });
  private unbumped: string = randomUUID();

  async bump(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const before = this.versions.size;
      const known = this.versions.has(key);
      this.versions.set(key, randomUUID());
      if (!known && this.versions.size <= before) this.unbumped = randomUUID();
    }
  }

  async read(keys: readonly string[]): Promise<string[]> {
    return keys.map((key) => this.versions.get(key) ?? this.unbumped);
  }
}

const PREFIX = 'version:';

/** Revocation versions shared by processes. They are random, and a missing one is made on reading, so that losing Redis's data reads as "everything changed". */
export class RedisRevocationVersions implements RevocationVersions {
  constructor(private readonly redis: Redis) {}

  async bump(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.available(this.redis.mset(keys.flatMap((key) => [PREFIX + key, randomUUID()])));
  }

  async read(keys: readonly string[]): Promise<string[]> {
    const found = await this.available(this.redis.mget(keys.map((key) => PREFIX + key)));
    if (found.every((version) => version !== null)) return found as string[];

    const missing = keys.filter((_, index) => found[index] === null);
    const make = this.redis.pipeline();
    for (const key of missing) make.setnx(PREFIX + key, randomUUID());
    await this.available(make.exec());
    return (await this.available(this.redis.mget(keys.map((key) => PREFIX + key)))).map(
      (version) => version ?? randomUUID(),
    );
  }

  private async available<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch {
      throw new RevocationStoreUnavailable();
    }
  }
}
