import { Unauthenticated } from '@platform/kernel/errors';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { CallerUnknown } from '../errors.js';

/** What an access token says of its bearer. */
export interface AccessClaims {
  readonly subject: string;
  readonly sessionId: string | null;
  readonly tenantId: string | null;
  readonly scopes: ReadonlySet<string>;
  /** In ms since the epoch. */
  readonly expiresAt: number;
}

interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** In ms. */
  readonly clockSkew: number;
}

const CACHE_SIZE = 10_000;

/** Checks access tokens (RFC 9068). One that was found good is not checked again until it expires. */
export class TokenVerifier {
  private readonly verified = new LRUCache<string, AccessClaims>({ max: CACHE_SIZE });

  constructor(
    private readonly findKey: JWTVerifyGetKey,
    private readonly rules: TokenRules,
  ) {}

  /** @throws Unauthenticated for a token that is malformed, forged, expired, or not meant for this platform; CallerUnknown when no key could be read. */
  async verify(token: string): Promise<AccessClaims> {
    const known = this.verified.get(token);
    if (known) return known;

    const { issuer, audience, algorithms, clockSkew } = this.rules;
    const { payload } = await jwtVerify(token, this.findKey, {
      issuer,
      audience,
      algorithms: [...algorithms],
      typ: 'at+jwt',
      clockTolerance: clockSkew / 1000,
      requiredClaims: ['exp', 'sub'],
    }).catch((error: unknown) => {
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw new CallerUnknown();
      throw new Unauthenticated(reasonOf(error));
    });

    const claims = claimsOf(payload);
    const ttl = (payload.exp as number) * 1000 + clockSkew - Date.now();
    this.verified.set(token, claims, { ttl: Math.max(1, ttl) });
    return claims;
  }
}

const claimsOf = (payload: JWTPayload): AccessClaims => ({
  subject: payload.sub as string,
  sessionId: typeof payload.sid === 'string' ? payload.sid : null,
  tenantId: typeof payload.tenant_id === 'string' ? payload.tenant_id : null,
  scopes: scopesOf(payload.scope),
  expiresAt: (payload.exp as number) * 1000,
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
