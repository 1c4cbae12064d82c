import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { type ReadingObserver, unobserved } from './repeated-reading.js';

/** Reads the issuer's public keys. */
export type KeySource = () => Promise<JSONWebKeySet>;

/** Tells whether the issuer's keys have changed: another value than before, or null when nobody can say. */
export type KeyVersion = () => Promise<string | null>;

/** Shortest time between two readings that nothing but an unknown key id asks for: no storm. */
const COOLDOWN = 5_000;
/** The same before there are any keys: the issuer may be starting too. */
const FIRST_COOLDOWN = 1_000;

interface KnownKeys {
  readonly jwks: JSONWebKeySet;
  readonly find: ReturnType<typeof createLocalJWKSet>;
  /** By the monotonic clock: a clock that is set back must not keep new keys away. */
  readonly readAt: number;
  /** As it was before they were read. */
  readonly version: string | null;
}

/**
 * The issuer's keys, kept for `refresh` ms, read again when a token names a key that is not among them, and at once when their version
 * has changed. While the issuer is away the last known keys stay.
 */
export class JwksCache {
  private keys: KnownKeys | undefined;
  private reading: { readonly version: string | null; readonly keys: Promise<KnownKeys> } | undefined;
  private attempted: { readonly at: number; readonly version: string | null } = {
    at: Number.NEGATIVE_INFINITY,
    version: null,
  };
  /** Why the last reading failed; undefined when it did not. */
  private failure: { readonly error: unknown } | undefined;
  private changes = 0;

  constructor(
    private readonly source: KeySource,
    private readonly refresh: number,
    private readonly version: KeyVersion = async () => null,
    private readonly observer: ReadingObserver = unobserved,
  ) {}

  /** For `jwtVerify`. @throws jose's JWKSNoMatchingKey for an unknown key. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const kept = this.keys ?? (await this.first(await this.version()));
    if (this.isOld(kept)) void this.readOrKeep(kept, kept.version);
    try {
      return await kept.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const version = await this.version();
      const { keys = kept } = this;
      // They have been read meanwhile, or are about to be.
      if (keys !== kept && (version === null || keys.version === version)) return keys.find(header, token);
      const isBeingRead = this.reading?.version === (version ?? kept.version);
      if (!isBeingRead && !this.isNews(version) && !this.mayAttempt()) throw error;
      return (await this.readOrKeep(kept, version ?? kept.version)).find(header, token);
    }
  };

  /** Another number whenever other keys are published than before: what was verified under another one is to be verified anew. Never rejects. */
  async generation(): Promise<number> {
    const kept = this.keys;
    if (kept && this.isOld(kept)) {
      const reading = this.readOrKeep(kept, kept.version);
      // An issuer that was away the last time is not waited for.
      if (!this.failure) await reading;
    }
    return this.changes;
  }

  /** The keys as they are published. */
  async jwks(): Promise<JSONWebKeySet> {
    const version = await this.version();
    const kept = this.keys ?? (await this.first(version));
    const current =
      this.isNews(version) || this.isOld(kept) ? await this.readOrKeep(kept, version ?? kept.version) : kept;
    return current.jwks;
  }

  /** Whether the key is among those of this version; asks the issuer unless they are known. @throws what reading failed with */
  async publishes(keyId: string | null, version: string | null): Promise<boolean> {
    const current = version !== null && this.keys?.version === version ? this.keys : await this.read(version);
    return current.jwks.keys.some(({ kid }) => kid === keyId);
  }

  /** The keys of this version are not known; those that could not be read are asked for again after a while. */
  private isNews(version: string | null): boolean {
    if (version === null || version === this.keys?.version) return false;
    return version !== this.attempted.version || this.mayAttempt();
  }

  private isOld({ readAt }: KnownKeys): boolean {
    return performance.now() - readAt > this.refresh && this.mayAttempt();
  }

  private mayAttempt(): boolean {
    return performance.now() - this.attempted.at >= COOLDOWN;
  }

  /** Before there are any keys the issuer is asked now and then, and not by every request. @throws what the last reading failed with */
  private first(version: string | null): Promise<KnownKeys> {
    const waits = this.failure && performance.now() - this.attempted.at < FIRST_COOLDOWN;
    return waits && !this.reading ? Promise.reject(this.failure?.error) : this.read(version);
  }

  private readOrKeep(kept: KnownKeys, version: string | null): Promise<KnownKeys> {
    return this.read(version).catch(() => kept);
  }

  /** Whoever wants the same version shares one reading. */
  private read(version: string | null): Promise<KnownKeys> {
    if (this.reading && this.reading.version === version) return this.reading.keys;
    const reading = { version, keys: this.readNow(version) };
    this.reading = reading;
    const done = () => {
      if (this.reading === reading) this.reading = undefined;
    };
    reading.keys.then(done, done);
    return reading.keys;
  }

  private async readNow(version: string | null): Promise<KnownKeys> {
    this.attempted = { at: performance.now(), version };
    const jwks = await this.source().catch((error: unknown) => {
      this.failure = { error };
      this.observer.failed(error);
      throw error;
    });
    this.failure = undefined;
    this.observer.succeeded();
    if (JSON.stringify(jwks) !== JSON.stringify(this.keys?.jwks)) this.changes += 1;
    this.keys = { jwks, find: createLocalJWKSet(jwks), readAt: performance.now(), version };
    return this.keys;
  }
}
