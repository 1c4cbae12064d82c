import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { auditServer } from 'graphql-http';
import { RouterHarness } from './router-harness.js';

const JSON_TYPE = 'application/json';
const LONG = `{ hello(name: "${'x'.repeat(4_000)}") }`;

describe('the edge', () => {
  let router: RouterHarness;

  beforeAll(async () => {
    router = new RouterHarness();
    await router.start();
  });
  afterAll(() => router.stop());

  /** A request as it is, without what fetch would add, take away or refuse. */
  const raw = (
    headers: Record<string, string | string[]>,
    { body, method = 'POST', query = '' }: { body?: string | Buffer; method?: string; query?: string } = {},
  ): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const sent = request(`${router.url}${query}`, { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });

  const asking = (query: string): string => JSON.stringify({ query });

  it('passes every MUST and SHOULD of graphql-http’s server audits', async () => {
    const results = await auditServer({ url: router.url, fetchFn: fetch });
    expect(results.length).toBeGreaterThan(50);
    expect(results.filter(({ status }) => status === 'error' || status === 'warn').map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('compresses answers with %s for those who accept it', async (encoding, inflate) => {
    const { headers, body } = await raw(
      { 'content-type': JSON_TYPE, 'accept-encoding': encoding },
      { body: asking(LONG) },
    );
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers.vary).toContain('accept-encoding');
    expect(JSON.parse(inflate(body).toString()).data.hello).toContain('xxxx');
  });

  it('leaves short answers, and those who accept no compression, alone', async () => {
    for (const [query, encoding] of [
      ['{ hello }', 'br, gzip'],
      [LONG, 'identity'],
    ] as const) {
      const { headers } = await raw(
        { 'content-type': JSON_TYPE, 'accept-encoding': encoding },
        { body: asking(query) },
      );
      expect(headers['content-encoding']).toBeUndefined();
    }
  });

  it.each(['text/event-stream', 'multipart/mixed;subscriptionSpec="1.0"'])(
    'never compresses a stream (%s): its first bytes come at once',
    async (accept) => {
      const gone = new AbortController();
      const response = await fetch(router.url, {
        method: 'POST',
        headers: { 'content-type': JSON_TYPE, accept, 'accept-encoding': 'br, gzip' },
        body: asking('subscription { open { id } }'),
        signal: gone.signal,
      });
      expect(response.headers.get('content-encoding')).toBeNull();
      const first = await response.body?.getReader().read();
      expect(first?.value?.length).toBeGreaterThan(0);
      gone.abort();
    },
  );

  it('reads compressed requests', async () => {
    const { status, body } = await raw(
      { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' },
      { body: gzipSync(asking('{ hello }')) },
    );
    expect([status, JSON.parse(body.toString())]).toEqual([200, { data: { hello: 'Hello, world' } }]);
  });

  it('refuses long requests that are compressed to next to nothing', async () => {
    const status = async (query: string) =>
      (
        await raw(
          { 'content-type': JSON_TYPE, 'content-encoding': 'gzip', 'content-length': `${gzipSync(query).length}` },
          { body: gzipSync(query) },
        )
      ).status;
    const variables = (text: string) => JSON.stringify({ query: '{ hello }', variables: { text } });
    expect(await status(variables('x'.repeat(500_000)))).toBe(413);
    expect(await status(variables('x'.repeat(50_000)))).toBe(200);
    expect(await status(variables(randomBytes(50_000).toString('hex')))).toBe(200);
  });

  it('answers with headers that keep it out of frames, caches and guesses', async () => {
    const { headers } = await raw({ 'content-type': JSON_TYPE }, { body: asking('{ hello }') });
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });
});

describe('a router with rules for headers and errors', () => {
  let router: RouterHarness;
  afterEach(() => router.stop());

  it('forwards, sets and removes headers, and lets nobody make those that subgraphs believe', async () => {
    router = new RouterHarness();
    await router.start({
      router: {
        headers: {
          all: { forward: ['accept-language', 'x-tenant'], set: { 'x-from': 'router' }, remove: ['user-agent'] },
          subgraphs: { blog: { set: { 'x-tenant': 'fixed' } } },
          response: { 'strict-transport-security': 'max-age=31536000' },
          fromSubgraphs: {},
        },
      },
    });
    const sent = { 'accept-language': 'de', 'x-tenant': 'mine', 'x-caller-token': 'forged', 'x-client-ip': '6.6.6.6' };
    const { headers } = await router.client.withHeaders(sent).request('{ hello }');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    const { 'x-caller-token': token, ...others } = router.headers.at(-1) ?? {};
    expect(others).toMatchObject({ 'accept-language': 'de', 'x-tenant': 'fixed', 'x-from': 'router' });
    expect(others).not.toHaveProperty('user-agent');
    expect(others['x-client-ip']).not.toBe('6.6.6.6');
    expect(token).not.toBe('forged');
  });

  it('shows of a subgraph’s error what is listed, and nothing else', async () => {
    router = new RouterHarness();
    await router.start({ router: { subgraphErrors: { messages: false, extensions: [] } } });
    const { errors } = await router.client.request('{ throttled }');
    expect(errors).toEqual([
      {
        message: 'A subgraph could not answer.',
        path: ['throttled'],
        extensions: { code: 'RATE_LIMITED', service: 'blog' },
      },
    ]);
  });

  it('shows no more of an error in a deferred part', async () => {
    router = new RouterHarness();
    await router.start({ router: { subgraphErrors: { messages: false, extensions: [] } } });
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed;deferSpec=20220824' },
      body: JSON.stringify({ query: '{ myPermissions ... @defer { throttled } }' }),
    });
    const text = await response.text();
    expect(text).toContain('"incremental"');
    expect(text).toContain('A subgraph could not answer.');
    expect(text).not.toMatch(/Slow down|retryAfter/);
  });
});
