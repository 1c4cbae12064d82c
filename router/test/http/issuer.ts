import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { config } from './harness-config.js';

/** An issuer of access tokens, with one key. */
export class Issuer {
  private privateKey: KeyObject;
  private publicJwk: Record<string, unknown>;

  constructor(private kid: string) {
    [this.privateKey, this.publicJwk] = newKey();
  }

  jwks() {
    return { keys: [{ ...this.publicJwk, kid: this.kid, alg: 'ES256', use: 'sig' }] };
  }

  /** A new key under a new id; tokens of the old one are no longer good. */
  rotate(kid: string): void {
    this.kid = kid;
    [this.privateKey, this.publicJwk] = newKey();
  }

  /** A good token, but for what is overridden. */
  token({
    claims = {},
    header = {},
    expiresAt = Date.now() + 60_000,
  }: {
    claims?: Record<string, unknown>;
    header?: Record<string, unknown>;
    expiresAt?: number;
  } = {}): Promise<string> {
    return new SignJWT({
      iss: config.router.jwt.issuer,
      aud: config.router.jwt.audience,
      sub: '018f0000-0000-7000-8000-00000000000a',
      sid: 'session-1',
      tenant_id: config.platform.tenantId,
      exp: Math.floor(expiresAt / 1000),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.kid, ...header })
      .setIssuedAt()
      .sign(this.privateKey);
  }
}

function newKey(): [KeyObject, Record<string, unknown>] {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return [privateKey, publicKey.export({ format: 'jwk' }) as Record<string, unknown>];
}
