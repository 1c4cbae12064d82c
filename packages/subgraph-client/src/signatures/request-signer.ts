import { type Sign, type SignatureAlgorithm, signing } from './algorithms.js';
import { type Component, contentDigest, SIGNED_HEADERS, signatureBase } from './signature-base.js';

/** An HTTP request, as far as it is signed. Header names are lower case. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface SignerOptions {
  /** Names the key to whoever verifies. */
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  /** A private key in PEM, or the secret. */
  readonly key: string;
  /** Whom the request is for: another one must refuse it. */
  readonly audience: string;
}

/** Signs requests (RFC 9421): method, path, body, the caller token, and what tells repeated requests, so that none of them can be taken over into another request. */
export class RequestSigner {
  private readonly sign: Sign;
  private readonly ending: string;

  /** @throws when the key is none of the algorithm. */
  constructor({ keyId, algorithm, key, audience }: SignerOptions) {
    this.sign = signing(algorithm, key);
    this.ending = `;keyid="${keyId}";alg="${algorithm}";tag="${audience}"`;
  }

  /** The headers that make a signed request of this one. @param now in ms. */
  headersFor({ method, path, headers, body }: SignedRequest, now = Date.now()): Record<string, string> {
    const digest = contentDigest(body);
    const components: Component[] = [
      ['@method', method],
      ['@path', path],
      ['content-digest', digest],
    ];
    for (const name of SIGNED_HEADERS) {
      const value = headers[name];
      if (typeof value === 'string') components.push([name, value]);
    }
    const names = components.map(([name]) => `"${name}"`).join(' ');
    const parameters = `(${names});created=${Math.floor(now / 1000)}${this.ending}`;
    const signature = this.sign(signatureBase(components, parameters)).toString('base64');
    return {
      'content-digest': digest,
      'signature-input': `router=${parameters}`,
      signature: `router=:${signature}:`,
    };
  }
}
