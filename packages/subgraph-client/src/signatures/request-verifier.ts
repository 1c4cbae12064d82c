import { Unauthenticated } from '@platform/foundation/errors';
import { type SignatureAlgorithm, type Verify, verifying } from './algorithms.js';
import type { SignedRequest } from './request-signer.js';
import { type Component, contentDigest, SIGNED_HEADERS, signatureBase } from './signature-base.js';

interface Signature {
  readonly parameters: string;
  readonly names: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly bytes: Buffer;
}

const INPUT = /^([a-z][a-z0-9_-]*)=(\(("[a-z0-9@-]+"(?: "[a-z0-9@-]+")*)\)((?:;[a-z]+=(?:\d{1,15}|"[^"\\]*"))*))$/;
const REQUIRED = ['@method', '@path', 'content-digest'];

/** Checks the signatures of requests (RFC 9421), as `RequestSigner` makes them: one signature, which covers what it must. */
export class RequestVerifier {
  private readonly keys = new Map<string, { readonly algorithm: SignatureAlgorithm; readonly verify: Verify }>();

  /**
   * @param audience who verifies: signatures for others are refused.
   * @param maxAge how old a signature may be, and how far ahead its signer's clock, in ms.
   */
  constructor(
    private readonly audience: string,
    private readonly maxAge: number,
  ) {}

  /** @param key a public key in PEM, or the secret. @throws when it is none of the algorithm. */
  trust(keyId: string, algorithm: SignatureAlgorithm, key: string | Buffer): this {
    this.keys.set(keyId, { algorithm, verify: verifying(algorithm, key) });
    return this;
  }

  /** @param now in ms. @throws Unauthenticated unless a known key has signed this very request, for this audience, a moment ago. */
  verify(request: SignedRequest, now = Date.now()): void {
    const signature = signatureOf(request.headers);
    if (!signature) throw new Unauthenticated('This endpoint answers only signed requests.');
    if (!this.isGood(request, signature, now)) throw new Unauthenticated('The signature is not valid here.');
  }

  private isGood(request: SignedRequest, { parameters, names, values, bytes }: Signature, now: number): boolean {
    const { audience, maxAge } = this;
    const key = this.keys.get(values.get('keyid') ?? '');
    if (!key || (values.has('alg') && values.get('alg') !== key.algorithm)) return false;
    if (values.get('tag') !== audience) return false;
    const created = Number(values.get('created') ?? Number.NaN) * 1000;
    if (!(Math.abs(now - created) <= maxAge)) return false;
    const components = componentsOf(request, names);
    if (!components || request.headers['content-digest'] !== contentDigest(request.body)) return false;
    return key.verify(signatureBase(components, parameters), bytes);
  }
}

/** What is covered, with the request's own values; undefined where that is too little, or something that the request has not. */
function componentsOf({ method, path, headers }: SignedRequest, names: readonly string[]): Component[] | undefined {
  const required = [...REQUIRED, ...SIGNED_HEADERS.filter((name) => headers[name] !== undefined)];
  if (!required.every((name) => names.includes(name)) || new Set(names).size < names.length) return undefined;
  const components: Component[] = [];
  for (const name of names) {
    const value = name === '@method' ? method : name === '@path' ? path : headers[name];
    if (typeof value !== 'string') return undefined;
    components.push([name, value]);
  }
  return components;
}

/** The only signature of a request; undefined where there is none that could be the router's. */
function signatureOf(headers: SignedRequest['headers']): Signature | undefined {
  const { 'signature-input': input, signature } = headers;
  if (typeof input !== 'string' || typeof signature !== 'string') return undefined;
  const [, label, parameters = '', names = '', rest = ''] = INPUT.exec(input) ?? [];
  const [, signedLabel, base64 = ''] = /^([a-z][a-z0-9_-]*)=:([A-Za-z0-9+/]+={0,2}):$/.exec(signature) ?? [];
  if (label === undefined || label !== signedLabel) return undefined;
  const values = rest.matchAll(/;([a-z]+)=(?:"([^"]*)"|(\d+))/g);
  return {
    parameters,
    names: names.split(' ').map((name) => name.slice(1, -1)),
    values: new Map([...values].map(([, name = '', text, number]) => [name, text ?? number ?? ''])),
    bytes: Buffer.from(base64, 'base64'),
  };
}
