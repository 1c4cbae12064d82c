import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { JwksCache } from '../../src/authentication/jwks-cache.js';

/** A published key of this id. */
const keyOf = async (kid: string) => ({
  ...(await exportJWK((await generateKeyPair('ES256')).publicKey)),
  kid,
  alg: 'ES256',
});

describe('keys that are being read', () => {
  it('are waited for by every token of a new key, not by the first one alone', async () => {
    const [old, next] = [await keyOf('old'), await keyOf('next')];
    const readings: ((keys: JSONWebKeySet) => void)[] = [];
    const waiting = () => new Promise<void>((resolve) => void setImmediate(resolve));
    let version = '1';
    const keys = new JwksCache(
      () => new Promise((resolve) => readings.push(resolve)),
      60_000,
      async () => version,
    );
    const find = async (kid: string) => keys.find({ alg: 'ES256', kid }, {} as never);
    const known = find('old');
    await waiting();
    readings[0]?.({ keys: [old] });
    await known;

    version = '2';
    const first = find('next');
    await waiting();
    const second = find('next');
    const unknown = find('unknown').catch((error: Error) => error.name);
    await waiting();
    expect(readings).toHaveLength(2);
    readings[1]?.({ keys: [old, next] });
    expect(await first).toBe(await second);
    expect(await unknown).toBe('JWKSNoMatchingKey');
    expect(readings).toHaveLength(2);
  });
});
