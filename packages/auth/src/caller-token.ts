import { createHash } from 'node:crypto';
import { Unauthenticated } from '@platform/foundation/errors';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import type { Caller } from './caller.js';
import { isUndecided, undecidedPermissions } from './undecided-permissions.js';

const ISSUER = 'platform-router';
const ALGORITHM = 'EdDSA';
/** What remembered tokens may weigh, in bytes. */
const REMEMBERED = 16 * 1024 * 1024;
/** What one permission of a caller takes, in bytes. */
const PERMISSION = 100;

interface IssuedToken {
  readonly token: Promise<string>;
  /** In ms since the epoch. */
  readonly expiresAt: number;
  /** In bytes. */
  readonly weight: number;
}

/** Signs who is calling, for one subgraph and a short time. Tokens of the same caller are reused for half of their life. */
export class CallerTokenSigner {
  private readonly tokens: WeightedCache<IssuedToken>;
  private readonly key: ReturnType<typeof importJWK> | undefined;

  /** @param privateKey an Ed25519 JWK as JSON text; null in a process that calls nobody. @param lifetime in ms. */
  constructor(
    privateKey: string | null,
    private readonly lifetime: number,
  ) {
    this.key = privateKey === null ? undefined : importJWK(JSON.parse(privateKey), ALGORITHM);
    this.tokens = new WeightedCache({ bytes: REMEMBERED, weigh: ({ weight }) => weight, lifetime: lifetime / 2 });
  }

  /** @param audience the name of the subgraph that may accept the token. */
  sign(caller: Caller, audience: string): Promise<string> {
    const cacheKey = fingerprint(caller, audience);
    const known = this.tokens.get(cacheKey);
    if (known && this.isGood(known)) return known.token;
    const expiresAt = Date.now() + this.lifetime;
    const token = this.issue(caller, audience, expiresAt);
    this.tokens.set(cacheKey, { token, expiresAt, weight: 500 + caller.permissions.size * PERMISSION });
    return token;
  }

  /** One that is kept has half of its life before it, unless the clock was set: then it says otherwise than it should. */
  private isGood({ expiresAt }: IssuedToken): boolean {
    const left = expiresAt - Date.now();
    return left >= this.lifetime / 2 && left <= this.lifetime;
  }

  private async issue(caller: Caller, audience: string, expiresAt: number): Promise<string> {
    const key = this.key;
    if (!key) throw new Error('callerToken.privateKey is needed to call a subgraph');
    return new SignJWT({
      kind: caller.kind,
      sid: caller.sessionId,
      key: caller.apiKeyId,
      sac: caller.serviceAccountId,
      tid: caller.tenantId,
      svc: caller.service,
      permissions: isUndecided(caller) ? null : [...caller.permissions],
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'caller+jwt' })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setSubject(caller.userId ?? '')
      .setIssuedAt()
      .setExpirationTime(new Date(expiresAt))
      .sign(await key);
  }
}

/** Checks caller tokens meant for one subgraph. A verified token is remembered until it expires. */
export class CallerTokenVerifier {
  private readonly verified = new WeightedCache<Caller>({
    bytes: REMEMBERED,
    weigh: ({ permissions }) => 500 + permissions.size * PERMISSION,
  });
  private readonly key: ReturnType<typeof importJWK>;

  /** @param publicKey an Ed25519 JWK as JSON text. @param audience the subgraph's name. */
  constructor(
    publicKey: string,
    private readonly audience: string,
  ) {
    this.key = importJWK(JSON.parse(publicKey), ALGORITHM);
  }

  /** @throws Unauthenticated when the token is missing, forged, expired or meant for another subgraph. */
  async verify(token: string | undefined): Promise<Caller> {
    if (!token) throw new Unauthenticated('This endpoint answers only calls that carry a caller token.');
    const known = this.verified.get(token);
    if (known) return known;

    const { payload } = await jwtVerify(token, await this.key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: this.audience,
      typ: 'caller+jwt',
      requiredClaims: ['exp', 'sub'],
    }).catch(() => {
      throw new Unauthenticated('The caller token is not valid here.');
    });
    const caller: Caller = {
      kind: payload.kind as Caller['kind'],
      userId: payload.sub || null,
      sessionId: (payload.sid as string | null) ?? null,
      apiKeyId: (payload.key as string | null) ?? null,
      serviceAccountId: (payload.sac as string | null) ?? null,
      tenantId: payload.tid as string,
      permissions: payload.permissions === null ? undecidedPermissions : new Set(payload.permissions as string[]),
      service: (payload.svc as string | null) ?? null,
    };
    this.verified.set(token, caller, { ttl: Math.max(1, (payload.exp as number) * 1000 - Date.now()) });
    return caller;
  }
}

function fingerprint(caller: Caller, audience: string): string {
  const hash = createHash('sha256');
  const { kind, userId, sessionId, apiKeyId, serviceAccountId, tenantId, service } = caller;
  hash.update(JSON.stringify([audience, kind, userId, sessionId, apiKeyId, serviceAccountId, tenantId, service]));
  if (isUndecided(caller)) hash.update('undecided');
  else for (const permission of caller.permissions) hash.update(permission).update('\0');
  return hash.digest('base64');
}
