import { Unauthenticated } from '@platform/foundation/errors';
import { outboundRequest } from '@platform/foundation/outbound';
import { decodeJwt, type JSONWebKeySet } from 'jose';
import { JwksCache } from '../authentication/jwks-cache.js';
import type { ReadingObserver } from '../authentication/repeated-reading.js';
import { type AccessClaims, type Tokens, TokenVerifier } from '../authentication/token-verifier.js';
import type { StandaloneConfig } from './config.js';

/** How long an issuer's keys may take, in ms. */
const KEYS_TIMEOUT = 5_000;

/** Of an issuer's keys, in bytes. */
const KEYS_SIZE = 1024 * 1024;

/** Access tokens of the configured issuers, each checked by the rules and the keys of the one that it names. */
export class Issuers implements Tokens {
  private readonly verifiers = new Map<string, TokenVerifier>();
  private readonly keys: readonly JwksCache[];
  private readonly grounds = new WeakMap<AccessClaims, { readonly token: string; readonly generation: string }>();

  /** @param observe told of the readings of an issuer's keys. */
  constructor(
    { issuers, algorithms, clockSkew, jwksRefresh, scopeClaim }: StandaloneConfig['jwt'],
    observe: (issuer: string) => ReadingObserver,
  ) {
    const keySets: JwksCache[] = [];
    for (const { issuer, jwksUrl, audience, tokenType, algorithms: own } of issuers) {
      const keys = new JwksCache(() => readKeys(jwksUrl), jwksRefresh, undefined, observe(issuer));
      keySets.push(keys);
      const rules = { issuer, audience, type: tokenType, clockSkew, scopeClaim, requiredClaims: ['exp'] };
      this.verifiers.set(issuer, new TokenVerifier(keys, { ...rules, algorithms: own ?? algorithms }));
    }
    this.keys = keySets;
  }

  async verify(token: string): Promise<AccessClaims> {
    const verifier = this.verifiers.get(issuerOf(token) ?? '');
    if (!verifier) throw new Unauthenticated('The access token is not of an issuer that is accepted here.');
    const generation = await this.generation();
    const claims = await verifier.verify(token);
    if (this.grounds.get(claims)?.generation !== generation) this.grounds.set(claims, { token, generation });
    return claims;
  }

  known(token: string): string | undefined {
    for (const verifier of this.verifiers.values()) {
      const subject = verifier.known(token);
      if (subject !== undefined) return subject;
    }
    return undefined;
  }

  /** Checks again what the claims were read from: the key may be gone, or the time over. @throws as `verify` */
  async recheck(claims: AccessClaims): Promise<void> {
    const known = this.grounds.get(claims);
    if (known && known.generation !== (await this.generation())) await this.verify(known.token);
  }

  /** Another text whenever an issuer publishes other keys than before. */
  async generation(): Promise<string> {
    return (await Promise.all(this.keys.map((keys) => keys.generation()))).join(' ');
  }
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw new Unauthenticated('The access token is not valid.');
  }
}

async function readKeys(url: string): Promise<JSONWebKeySet> {
  const response = await outboundRequest(url, { timeout: KEYS_TIMEOUT, maxBytes: KEYS_SIZE });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json() as JSONWebKeySet;
}
