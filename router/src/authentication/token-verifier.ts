import { Unauthenticated } from '@platform/foundation/errors';
import { bytesOfText, WeightedCache } from '@platform/foundation/weighted-cache';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { AuthenticationUnavailable } from '../errors.js';
import type { JwksCache } from './jwks-cache.js';
import type { ApiKeyClaim } from './usable-api-key.js';

/** What an access token says of its bearer. */
export interface AccessClaims {
  readonly subject: string;
  readonly sessionId: string | null;
  /** Of the key that signed it. */
  readonly keyId: string | null;
  readonly tenantId: string | null;
  readonly scopes: ReadonlySet<string>;
  /** Everything that it says. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** In ms since the epoch. */
  readonly expiresAt: number;
  /** By which a machine calls, in place of a token. */
  readonly apiKey?: ApiKeyClaim;
}

/** Tells good access tokens from bad ones. */
export interface Tokens {
  /** @throws Unauthenticated for a token that is malformed, forged, expired, or not meant for this platform; AuthenticationUnavailable when no key could be read. */
  verify(token: string): Promise<AccessClaims>;
  /** Whose token it is, where it was found good not long ago: told at once, and only to share fairly. */
  known(token: string): string | undefined;
}

export interface TokenRules {
  readonly issuer: string;
  /** One of them must be the token's; left out, any token of the issuer is good. */
  readonly audience?: string | readonly string[];
  readonly algorithms: readonly string[];
  /** The header's `typ`. */
  readonly type?: string;
  readonly requiredClaims: readonly string[];
  /** The claim that holds the scopes, as a text with spaces or a list. */
  readonly scopeClaim: string;
  /** In ms. */
  readonly clockSkew: number;
}

/** What remembered tokens may weigh, in bytes: each about four times its text. */
const REMEMBERED = 32 * 1024 * 1024;

interface VerifiedToken {
  readonly token: string;
  readonly claims: AccessClaims;
  /** Of the keys that it was verified with. */
  readonly generation: number;
}

/** Checks access tokens (RFC 9068). One that was found good is not checked again until it expires, or other keys are published. */
export class TokenVerifier implements Tokens {
  private readonly verified = new WeightedCache<VerifiedToken>({
    bytes: REMEMBERED,
    weigh: ({ token }) => 1_000 + 2 * bytesOfText(token),
  });

  constructor(
    private readonly keys: Pick<JwksCache, 'find' | 'generation'>,
    private readonly rules: TokenRules,
  ) {}

  known(token: string): string | undefined {
    return this.verified.get(token)?.claims.subject;
  }

  async verify(token: string): Promise<AccessClaims> {
    const known = this.verified.get(token);
    if (known && known.generation === (await this.keys.generation())) return known.claims;

    const generation = await this.keys.generation();
    const { issuer, audience, algorithms, type, clockSkew, requiredClaims, scopeClaim } = this.rules;
    const { payload, protectedHeader } = await jwtVerify(token, this.keys.find, {
      issuer,
      ...(audience !== undefined && { audience: [audience].flat() }),
      algorithms: [...algorithms],
      ...(type !== undefined && { typ: type }),
      clockTolerance: clockSkew / 1000,
      requiredClaims: [...requiredClaims],
    }).catch((error: unknown) => {
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
        throw error instanceof AuthenticationUnavailable ? error : new AuthenticationUnavailable(error);
      }
      this.verified.delete(token);
      throw new Unauthenticated(reasonOf(error));
    });

    const claims = claimsOf(payload, protectedHeader.kid ?? null, scopeClaim);
    const ttl = (payload.exp as number) * 1000 + clockSkew - Date.now();
    this.verified.set(token, { token, claims, generation }, { ttl: Math.max(1, ttl) });
    return claims;
  }
}

const claimsOf = (payload: JWTPayload, keyId: string | null, scopeClaim: string): AccessClaims => ({
  subject: payload.sub ?? '',
  sessionId: typeof payload.sid === 'string' ? payload.sid : null,
  keyId,
  tenantId: typeof payload.tenant_id === 'string' ? payload.tenant_id : null,
  scopes: scopesOf(payload[scopeClaim]),
  payload,
  expiresAt: payload.exp === undefined ? Number.POSITIVE_INFINITY : payload.exp * 1000,
});

function scopesOf(scope: unknown): ReadonlySet<string> {
  if (Array.isArray(scope)) return new Set(scope.filter((entry) => typeof entry === 'string'));
  return new Set(typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []);
}

function reasonOf(error: InstanceType<typeof errors.JOSEError>): string {
  if (error instanceof errors.JWTExpired) return 'The access token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The access token is not meant for this: ${error.claim}.`;
  return 'The access token is not valid.';
}
