import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';

/** `ed25519` proves who signed to everyone who has the public key; `hmac-sha256` to those who share a secret. */
export type SignatureAlgorithm = 'ed25519' | 'hmac-sha256';

/** Makes the signature of a text. */
export type Sign = (base: string) => Buffer;
/** Whether a signature is the text's. */
export type Verify = (base: string, signature: Buffer) => boolean;

const SHORTEST_SECRET = 32;

/** @param key a private key in PEM, or the secret as it is. @throws when it is none, or a secret too short. */
export function signing(algorithm: SignatureAlgorithm, key: string | Buffer): Sign {
  if (algorithm === 'hmac-sha256') return hmac(key);
  const privateKey = ed25519(createPrivateKey(key));
  return (base) => sign(null, Buffer.from(base), privateKey);
}

/** @param key a public key in PEM, or the secret as it is. @throws when it is none, or a secret too short. */
export function verifying(algorithm: SignatureAlgorithm, key: string | Buffer): Verify {
  if (algorithm === 'hmac-sha256') {
    const expected = hmac(key);
    return (base, signature) => {
      const own = expected(base);
      return own.length === signature.length && timingSafeEqual(own, signature);
    };
  }
  const publicKey = ed25519(createPublicKey(key));
  return (base, signature) => verify(null, Buffer.from(base), publicKey, signature);
}

/** A line end after the secret belongs to its file. */
function hmac(key: string | Buffer): Sign {
  const secret = typeof key === 'string' ? key.trimEnd() : key;
  if (secret.length < SHORTEST_SECRET) throw new Error(`A secret has at least ${SHORTEST_SECRET} characters`);
  return (base) => createHmac('sha256', secret).update(base).digest();
}

function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`The key is ${key.asymmetricKeyType}, not ed25519`);
  return key;
}
