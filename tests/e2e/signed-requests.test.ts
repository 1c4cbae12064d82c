import { createHash, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallerTokenSigner, serviceCaller } from '@platform/auth';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { connectSubgraph } from '@platform/subgraph-client/balancing';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import { RequestSigner } from '@platform/subgraph-client/signatures';
import { createTestDatabase, describeWithRedis, PlatformProcess, type TestDatabase } from '@platform/testkit';
import { JsonService } from './json-service.js';
import { StandAloneRouter } from './stand-alone-router.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const pem = (key: KeyObject, type: 'spki' | 'pkcs8') => key.export({ type, format: 'pem' }) as string;
const files = { private: '', public: '' };

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  files.private = join(folder, 'router.pem');
  files.public = join(folder, 'router.pub.pem');
  await writeFile(files.private, pem(privateKey, 'pkcs8'));
  await writeFile(files.public, pem(publicKey, 'spki'));
});
afterAll(() => rm(join(files.private, '..'), { recursive: true, force: true }));

describe('a router that signs what it sends', () => {
  it('can be told from others by any subgraph that has its public key', async () => {
    const shop = await JsonService.start(() => ({ data: { one: 1 } }));
    const { sdl } = composeSupergraph([
      { name: 'shop', url: `${shop.url}/graphql`, typeDefs: 'type Query { one: Int }' },
    ]);
    const router = await StandAloneRouter.start({
      sdl,
      config: `discovery: { signatures: { shop: { keyId: router-1, algorithm: ed25519, keyFile: '${files.private}' } } }`,
    });
    try {
      expect(await router.client.data('{ one }')).toEqual({ one: 1 });
      const [headers = {}] = shop.headers;
      const digest = createHash('sha256')
        .update(shop.texts[0] as string)
        .digest('base64');
      expect(headers['content-digest']).toBe(`sha-256=:${digest}:`);
      const parameters = String(headers['signature-input']).replace('router=', '');
      expect(parameters).toMatch(
        /^\("@method" "@path" "content-digest"\);created=\d+;keyid="router-1";alg="ed25519";tag="shop"$/,
      );
      const base = `"@method": POST\n"@path": /graphql\n"content-digest": ${headers['content-digest']}\n"@signature-params": ${parameters}`;
      const signature = Buffer.from(String(headers.signature).slice('router=:'.length, -1), 'base64');
      expect(verify(null, Buffer.from(base), publicKey, signature)).toBe(true);
    } finally {
      await router.stop();
      await shop.stop();
    }
  });

  it('does not start with a key that is none', async () => {
    const { sdl } = composeSupergraph([
      { name: 'shop', url: 'http://127.0.0.1:9', typeDefs: 'type Query { one: Int }' },
    ]);
    const wrong = `discovery: { signatures: { shop: { keyId: router-1, algorithm: ed25519, keyFile: '${files.public}' } } }`;
    await expect(StandAloneRouter.start({ sdl, config: wrong })).rejects.toThrow('discovery.signatures.shop');
  });
});

describeWithRedis('a subgraph that asks for signatures', (redisUrl) => {
  const { callerToken, discovery, platform } = loadConfig(processSections, { environment: 'test' });
  const tokens = new CallerTokenSigner(callerToken.privateKey, callerToken.lifetime);
  let database: TestDatabase;
  let blog: PlatformProcess;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    blog = PlatformProcess.start(['start', 'blog'], {
      PLATFORM_ENV: 'test',
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl,
      SERVER_PORT: '0',
      LOGGING_LEVEL: 'info',
      SIGNATURES_REQUIRED: 'true',
      SIGNATURES_KEYS: JSON.stringify({ 'router-1': { algorithm: 'ed25519', keyFile: files.public } }),
    });
    const [, origin = ''] = await blog.prints(/Listening on (http:[^"\s]+)/, 90_000);
    url = `${origin}/graphql`;
  });
  afterAll(async () => {
    await blog?.end();
    await database.drop();
  });

  const headers = async () => ({
    [CALLER_TOKEN_HEADER]: await tokens.sign(serviceCaller('test', platform.tenantId), 'blog'),
  });

  it('answers whoever holds the key, as the router does', async () => {
    const signatures = { blog: { keyId: 'router-1', algorithm: 'ed25519' as const, keyFile: files.private } };
    const config = { ...discovery, signatures };
    const endpoint = connectSubgraph('blog', url, {
      config,
      logger: createLogger({ level: 'silent', format: 'json' }),
    });
    expect(await endpoint.execute({ query: '{ __typename }' }, await headers())).toMatchObject({
      data: { __typename: 'Query' },
    });
    await endpoint.stop();
  });

  it('answers nobody else, however good the caller token is', async () => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const own = { ...(await headers()), 'content-type': 'application/json' };
    const signedFor = (audience: string) =>
      new RequestSigner({
        keyId: 'router-1',
        algorithm: 'ed25519',
        key: pem(privateKey, 'pkcs8'),
        audience,
      }).headersFor({
        method: 'POST',
        path: '/graphql',
        headers: own,
        body,
      });
    const status = async (sent: Record<string, string>, text = body) =>
      (await fetch(url, { method: 'POST', headers: { ...own, ...sent }, body: text })).status;

    expect(await status(signedFor('blog'))).toBe(200);
    expect(await status({})).toBe(401);
    expect(await status(signedFor('audit'))).toBe(401);
    expect(await status(signedFor('blog'), '{"query":"{ __schema { types { name } } }"}')).toBe(401);
    expect(await status({ ...signedFor('blog'), signature: 'router=:AAAA:' })).toBe(401);
  });
});
