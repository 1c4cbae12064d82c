import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** Reads the issuer's public keys. */
export type KeySource = () => Promise<JSONWebKeySet>;

/** Shortest time between two readings, however many unknown key ids are asked for: no storm. */
const COOLDOWN = 5_000;

/** The issuer's keys, kept for `refresh` ms, read again when a token names a key that is not among them. While the issuer is away the last known keys stay. */
export class KeySet {
  private keys: { jwks: JSONWebKeySet; find: ReturnType<typeof createLocalJWKSet>; readAt: number } | undefined;
  private reading: Promise<void> | undefined;
  private attemptedAt = 0;

  constructor(
    private readonly source: KeySource,
    private readonly refresh: number,
  ) {}

  /** For `jwtVerify`. @throws jose's JWKSNoMatchingKey for an unknown key. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (!this.keys) await this.read();
    else if (Date.now() - this.keys.readAt > this.refresh) void this.read();
    try {
      return await this.known().find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.read();
      return this.known().find(header, token);
    }
  };

  /** The keys as they are published. */
  async jwks(): Promise<JSONWebKeySet> {
    if (!this.keys || Date.now() - this.keys.readAt > this.refresh) await this.read();
    return this.known().jwks;
  }

  private known() {
    if (!this.keys) throw new errors.JWKSTimeout();
    return this.keys;
  }

  private async read(): Promise<void> {
    if (Date.now() - this.attemptedAt < COOLDOWN && this.keys) return;
    this.reading ??= this.readNow().finally(() => {
      this.reading = undefined;
    });
    await this.reading;
  }

  private async readNow(): Promise<void> {
    this.attemptedAt = Date.now();
    try {
      const jwks = await this.source();
      this.keys = { jwks, find: createLocalJWKSet(jwks), readAt: Date.now() };
    } catch (error) {
      if (!this.keys) throw error;
    }
  }
}
