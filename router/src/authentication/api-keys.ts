import { apiKeyHash, isApiKeySecret } from '@platform/auth';
import { Coalescer } from '@platform/foundation/coalesce';
import { Unauthenticated } from '@platform/foundation/errors';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import type { AccessClaims, Tokens } from './token-verifier.js';
import type { ApiKeyClaim, FindApiKey } from './usable-api-key.js';

/** How long the id of a key is known by its hash, in ms. Whether it can be used is asked by whoever resolves its caller. */
const LIFETIME_MS = 600_000;
const MAX_BYTES = 8 * 1024 * 1024;
/** What one key takes beside its scopes, and one scope, in bytes. */
const KEY = 1_000;
const SCOPE = 100;

/** Bearer tokens of both kinds: API keys by their form, anything else by the verifier of access tokens. Keys are remembered by their hashes alone. */
export class ApiKeyTokens implements Tokens {
  private readonly found = new WeightedCache<AccessClaims>({
    bytes: MAX_BYTES,
    weigh: ({ apiKey }) => KEY + (apiKey?.key.scopes.length ?? 0) * SCOPE,
    lifetime: LIFETIME_MS,
  });
  private readonly finding = new Coalescer<AccessClaims | null>();

  constructor(
    private readonly accessTokens: Tokens,
    private readonly find: FindApiKey,
  ) {}

  known(token: string): string | undefined {
    return isApiKeySecret(token) ? this.found.get(apiKeyHash(token))?.subject : this.accessTokens.known(token);
  }

  async verify(token: string): Promise<AccessClaims> {
    if (!isApiKeySecret(token)) return this.accessTokens.verify(token);
    const hash = apiKeyHash(token);
    const claims = this.found.get(hash) ?? (await this.finding.run(hash, () => this.look(hash)));
    if (!claims || claims.expiresAt <= Date.now()) throw new InvalidApiKey();
    return claims;
  }

  private async look(hash: string): Promise<AccessClaims | null> {
    const key = await this.find(hash);
    if (!key) return null;
    const claims = claimsOf({ hash, key });
    this.found.set(hash, claims);
    return claims;
  }
}

/** A key that is unknown, revoked, expired, or whose owner may not use it: told as any other token that is not valid. */
export class InvalidApiKey extends Unauthenticated {
  constructor() {
    super('The access token is not valid.');
  }
}

const claimsOf = (apiKey: ApiKeyClaim): AccessClaims => {
  const { owner, organizationId, expiresAt } = apiKey.key;
  return {
    subject: 'userId' in owner ? owner.userId : owner.serviceAccountId,
    sessionId: null,
    keyId: null,
    tenantId: organizationId,
    scopes: new Set(),
    payload: {},
    expiresAt,
    apiKey,
  };
};
