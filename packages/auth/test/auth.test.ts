import { generateKeyPairSync } from 'node:crypto';
import { jest } from '@jest/globals';
import {
  anonymousCaller,
  CallerTokenSigner,
  CallerTokenVerifier,
  MemoryRevocationVersions,
  RedisRevocationVersions,
  type RevocationVersions,
  userCaller,
} from '@platform/auth';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { connectRedis, redisComponent } from '@platform/redis/connection';
import { describeWithRedis } from '@platform/testkit';
import { decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';

const config = loadConfig(processSections, { environment: 'test' });
const tenant = config.platform.tenantId;
const { privateKey, publicKey } = config.callerToken;
const alice = userCaller('018f0000-0000-7000-8000-00000000000a', 'session-1', tenant, ['blog.post.read']);

describe('a caller token', () => {
  const signer = new CallerTokenSigner(privateKey, 60_000);
  const blog = new CallerTokenVerifier(publicKey, 'blog');

  it('carries the caller to the subgraph it was signed for', async () => {
    expect(await blog.verify(await signer.sign(alice, 'blog'))).toEqual(alice);
    const guest = anonymousCaller(tenant, ['blog.post.read']);
    expect(await blog.verify(await signer.sign(guest, 'blog'))).toEqual(guest);
  });

  it('is refused by another subgraph', async () => {
    await expect(blog.verify(await signer.sign(alice, 'audit'))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is refused when it is missing, malformed, unsigned or signed by somebody else', async () => {
    const stranger = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const forged = new CallerTokenSigner(JSON.stringify(stranger), 60_000);
    const unsigned = new UnsecuredJWT({ permissions: ['blog.post.read'] })
      .setIssuer('platform-router')
      .setAudience('blog')
      .setSubject('x')
      .setExpirationTime('1m')
      .encode();
    for (const token of [undefined, '', 'nonsense', unsigned, await forged.sign(alice, 'blog')]) {
      await expect(blog.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('is refused once it has expired', async () => {
    const brief = new CallerTokenSigner(privateKey, 1_000);
    const token = await brief.sign(alice, 'blog');
    jest.useFakeTimers({ now: Date.now() + 5_000, doNotFake: ['nextTick', 'setImmediate', 'performance'] });
    try {
      await expect(new CallerTokenVerifier(publicKey, 'blog').verify(token)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    } finally {
      jest.useRealTimers();
    }
  });

  it('is no other kind of token signed with the same key', async () => {
    const { importJWK } = await import('jose');
    const token = await new SignJWT({ kind: 'service', permissions: [] })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setIssuer('platform-router')
      .setAudience('blog')
      .setSubject('')
      .setExpirationTime('1m')
      .sign(await importJWK(JSON.parse(privateKey as string), 'EdDSA'));
    await expect(blog.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is reused for the same caller and renewed for other rights', async () => {
    const first = await signer.sign(alice, 'blog');
    expect(await signer.sign({ ...alice }, 'blog')).toBe(first);
    expect(await signer.sign({ ...alice, permissions: new Set() }, 'blog')).not.toBe(first);
    expect(decodeProtectedHeader(first)).toEqual({ alg: 'EdDSA', typ: 'caller+jwt' });
  });
});

const revocationsContract = (make: () => RevocationVersions): void => {
  it('stay the same until they are bumped', async () => {
    const revocations = make();
    const [user, roles] = [`user:${crypto.randomUUID()}`, `roles:${crypto.randomUUID()}`];
    const before = await revocations.read([user, roles]);
    expect(await revocations.read([user, roles])).toEqual(before);

    await revocations.bump([user]);

    const after = await revocations.read([user, roles]);
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });
};

describe('revocation versions in memory', () => {
  revocationsContract(() => new MemoryRevocationVersions());
});

describeWithRedis('revocation versions in Redis', (redisUrl) => {
  const logger = createLogger({ level: 'silent', format: 'json' });
  const redis = () => connectRedis({ ...config.redis, url: redisUrl }, logger);
  let connection: ReturnType<typeof redis>;

  beforeAll(async () => {
    connection = redis();
    await redisComponent(connection, 2_000).start?.();
  });
  afterAll(() => redisComponent(connection, 2_000).stop?.());

  revocationsContract(() => new RedisRevocationVersions(connection));

  it('are seen by every process, and losing the data reads as a change', async () => {
    const [here, there] = [new RedisRevocationVersions(connection), new RedisRevocationVersions(connection)];
    const key = `user:${crypto.randomUUID()}`;
    const before = await here.read([key]);
    expect(await there.read([key])).toEqual(before);

    await connection.del(`version:${key}`);

    expect(await there.read([key])).not.toEqual(before);
  });

  it('fail loudly while Redis is away, for readers and for writers', async () => {
    const closed = redis();
    await redisComponent(closed, 2_000).start?.();
    closed.disconnect();
    const revocations = new RedisRevocationVersions(closed);
    await expect(revocations.read(['user:x'])).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await expect(revocations.bump(['user:x'])).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
