import { Unauthenticated } from '@platform/kernel/errors';
import { outboundRequest } from '@platform/kernel/outbound';
import { decodeJwt, type JSONWebKeySet } from 'jose';
import { KeySet } from '../callers/key-set.js';
import { type AccessClaims, type Tokens, TokenVerifier } from '../callers/token-verifier.js';
import type { StandAloneConfig } from './config.js';

/** How long an issuer's keys may take, in ms. */
const KEYS_TIMEOUT = 5_000;

/** Of an issuer's keys, in bytes. */
const KEYS_SIZE = 1024 * 1024;

/** Access tokens of the configured issuers, each checked by the rules and the keys of the one that it names. */
export class Issuers implements Tokens {
  private readonly verifiers = new Map<string, TokenVerifier>();

  constructor({ issuers, algorithms, clockSkew, jwksRefresh, scopeClaim }: StandAloneConfig['jwt']) {
    for (const { issuer, jwksUrl, audience, tokenType, algorithms: own } of issuers) {
      const keys = new KeySet(() => readKeys(jwksUrl), jwksRefresh);
      const rules = { issuer, audience, type: tokenType, clockSkew, scopeClaim, requiredClaims: ['exp'] };
      this.verifiers.set(issuer, new TokenVerifier(keys.find, { ...rules, algorithms: own ?? algorithms }));
    }
  }

  async verify(token: string): Promise<AccessClaims> {
    const verifier = this.verifiers.get(issuerOf(token) ?? '');
    if (!verifier) throw new Unauthenticated('The access token is not of an issuer that is accepted here.');
    return verifier.verify(token);
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
