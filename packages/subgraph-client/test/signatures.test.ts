import { generateKeyPairSync } from 'node:crypto';
import {
  contentDigest,
  RequestSigner,
  RequestVerifier,
  type SignedRequest,
  signatureBase,
  signing,
  verifying,
} from '@platform/subgraph-client/signatures';
import fc from 'fast-check';

const pem = ({ publicKey, privateKey }: ReturnType<typeof generateKeyPairSync>) => ({
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
});

describe('signatures', () => {
  it('are those of RFC 9421’s appendix for Ed25519 (B.2.6)', () => {
    const privateKey =
      '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n';
    const publicKey =
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n';
    const base = signatureBase(
      [
        ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
        ['@method', 'POST'],
        ['@path', '/foo'],
        ['@authority', 'example.com'],
        ['content-type', 'application/json'],
        ['content-length', '18'],
      ],
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    );
    const signature = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==';
    expect(signing('ed25519', privateKey)(base).toString('base64')).toBe(signature);
    expect(verifying('ed25519', publicKey)(base, Buffer.from(signature, 'base64'))).toBe(true);
    expect(verifying('ed25519', publicKey)(`${base} `, Buffer.from(signature, 'base64'))).toBe(false);
  });

  it('are those of RFC 9421’s appendix for HMAC (B.2.5)', () => {
    const secret = Buffer.from(
      'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
      'base64',
    );
    const base = signatureBase(
      [
        ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
        ['@authority', 'example.com'],
        ['content-type', 'application/json'],
      ],
      '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
    );
    const signature = 'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=';
    expect(signing('hmac-sha256', secret)(base).toString('base64')).toBe(signature);
    expect(verifying('hmac-sha256', secret)(base, Buffer.from(signature, 'base64'))).toBe(true);
  });

  it('stand for a body as in RFC 9421 and RFC 9530', () => {
    expect(contentDigest('{"hello": "world"}')).toBe('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:');
    expect(contentDigest('{"hello": "world"}\n')).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:');
  });

  it('take no key of another kind, and no secret that can be guessed', () => {
    const { privateKey, publicKey } = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    expect(() => signing('ed25519', privateKey)).toThrow('not ed25519');
    expect(() => verifying('ed25519', publicKey)).toThrow('not ed25519');
    expect(() => signing('hmac-sha256', 'short')).toThrow('32 characters');
  });
});

const SECRET = 'a shared secret of enough characters';
const { publicKey, privateKey } = pem(generateKeyPairSync('ed25519'));
const kinds = [
  { algorithm: 'ed25519', key: privateKey, checkedBy: publicKey },
  { algorithm: 'hmac-sha256', key: SECRET, checkedBy: `${SECRET}\n` },
] as const;

describe.each(kinds)('a request that is signed by $algorithm', ({ algorithm, key, checkedBy }) => {
  const NOW = Date.UTC(2026, 0, 1);
  const signer = new RequestSigner({ keyId: 'router-1', algorithm, key, audience: 'blog' });
  const verifier = new RequestVerifier('blog', 60_000).trust('router-1', algorithm, checkedBy);
  const plain = {
    method: 'POST',
    path: '/graphql',
    headers: { 'x-caller-token': 'ada’s' },
    body: '{"query":"{ me }"}',
  };
  const signed = (request: SignedRequest = plain): SignedRequest => ({
    ...request,
    headers: { ...request.headers, ...signer.headersFor(request, NOW) },
  });
  const refused = (request: SignedRequest, now = NOW, by = verifier) =>
    expect(() => by.verify(request, now)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  const withHeaders = (headers: Record<string, string | undefined>): SignedRequest => {
    const request = signed();
    return { ...request, headers: { ...request.headers, ...headers } as SignedRequest['headers'] };
  };

  it('is accepted within its time', () => {
    for (const ms of [0, 60_000, -60_000]) expect(() => verifier.verify(signed(), NOW + ms)).not.toThrow();
    const { 'x-caller-token': _, ...headers } = plain.headers;
    expect(() => verifier.verify(signed({ ...plain, headers }), NOW)).not.toThrow();
  });

  it('is refused when anything of it is another one’s', () => {
    refused({ ...signed(), method: 'GET' });
    refused({ ...signed(), path: '/graphql/admin' });
    refused({ ...signed(), body: '{"query":"{ you }"}' });
    refused(withHeaders({ 'x-caller-token': 'bob’s' }));
    refused(withHeaders({ 'content-digest': contentDigest('{"query":"{ you }"}') }));
    refused({ ...withHeaders({ 'content-digest': contentDigest('{}') }), body: '{}' });
  });

  it('is refused when it is too old, from the future, for another subgraph, or by an unknown key', () => {
    refused(signed(), NOW + 61_000);
    refused(signed(), NOW - 61_000);
    refused(signed(), NOW, new RequestVerifier('audit', 60_000).trust('router-1', algorithm, checkedBy));
    refused(signed(), NOW, new RequestVerifier('blog', 60_000).trust('router-2', algorithm, checkedBy));
  });

  it('is refused without a signature, with two, or with one that covers less', () => {
    const input = String(signed().headers['signature-input']);
    refused(plain);
    refused(withHeaders({ signature: undefined }));
    refused(withHeaders({ 'signature-input': `${input}, other=("@method")` }));
    refused(withHeaders({ 'signature-input': input.replace(' "content-digest"', '') }));
    refused(withHeaders({ 'signature-input': input.replace(' "x-caller-token"', '') }));
    refused(withHeaders({ 'signature-input': input.replace('"@method"', '"@method" "@method"') }));
    refused(withHeaders({ 'signature-input': input.replace(/created=\d+/, 'created=1') }));
    refused(withHeaders({ 'signature-input': input.replace(/;tag="blog"/, '') }));
    refused(withHeaders({ signature: 'router=:AAAA:' }));
  });

  it('is refused, and nothing breaks, whatever stands in its headers', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (input, signature) => {
        refused(withHeaders({ 'signature-input': input, signature }));
        refused(withHeaders({ 'signature-input': `router=${input}`, signature: `router=:${signature}:` }));
      }),
    );
  });
});
