import { request } from 'node:http';
import { connect } from 'node:net';
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

  it('refuses a gzip bomb with 413, by what comes out of it', async () => {
    const bomb = gzipSync(asking(`{ hello } # ${' '.repeat(20 * 1024 * 1024)}`));
    expect(bomb.length).toBeLessThan(100_000);
    const { status } = await raw({ 'content-type': JSON_TYPE, 'content-encoding': 'gzip' }, { body: bomb });
    expect(status).toBe(413);
  });

  it.each([
    ['an unknown content encoding', { 'content-encoding': 'zstd-of-sorts' }, asking('{ hello }'), 415],
    ['a body that is not what its encoding says', { 'content-encoding': 'gzip' }, asking('{ hello }'), 400],
  ])('refuses %s', async (_, headers, body, status) => {
    expect((await raw({ 'content-type': JSON_TYPE, ...headers }, { body })).status).toBe(status);
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

  describe('keeps pages of other sites out', () => {
    const query = `?${new URLSearchParams({ query: '{ hello }' })}`;

    it.each([
      ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'query=%7B+hello+%7D'],
      ['a form with files', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
      ['plain text', { 'content-type': 'text/plain' }, asking('{ hello }')],
      ['no content type', {}, asking('{ hello }')],
    ])('when they post %s', async (_, headers, body) => {
      expect((await raw(headers, { body })).status).toBe(415);
    });

    it.each([
      ['an image or a script of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
      ['a page of another subdomain', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
      ['its own pages', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 200],
      ['a preflighted request', { 'sec-fetch-site': 'cross-site', 'apollo-require-preflight': 'true' }, 200],
      ['who is no browser', {}, 200],
    ])('by GET, from %s', async (_, headers, status) => {
      const answer = await raw(headers as Record<string, string>, { method: 'GET', query });
      expect(answer.status).toBe(status);
      if (status === 403) expect(JSON.parse(answer.body.toString()).errors[0].extensions.code).toBe('CSRF_PREVENTED');
    });
  });

  /** Sends bytes and answers with what comes back until the connection ends. */
  const exchange = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(router.url);
      let answer = '';
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket
        .on('data', (chunk) => (answer += chunk))
        .on('end', () => resolve(answer))
        .on('error', reject);
    });

  it.each([
    ['Authorization', 'Authorization: Bearer a\r\nAuthorization: Bearer b\r\n'],
    ['Content-Type', 'Content-Type: text/plain\r\n'],
    ['Host', 'Host: elsewhere\r\n'],
    ['Content-Length', 'Content-Length: 3\r\n'],
  ])('refuses a doubled %s', async (_, doubled) => {
    const body = asking('{ hello }');
    const answer = await exchange(
      `POST /graphql HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${body.length}\r\n${doubled}\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each([
    ['both a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', 400],
    ['a space before the colon', 'X-Odd : 1\r\n', 400],
    ['a folded header', 'X-Odd: 1\r\n folded: 2\r\n', 400],
    ['headers above the limit', `X-Long: ${'x'.repeat(17 * 1024)}\r\n`, 431],
  ])('refuses %s', async (_, header, status) => {
    const answer = await exchange(
      `POST /graphql HTTP/1.1\r\nHost: here\r\nConnection: close\r\n${header}\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
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
