import { RouterHarness } from './router-harness.js';

const GRAPHQL = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

describe('GraphQL over HTTP', () => {
  let router: RouterHarness;

  beforeAll(async () => {
    router = new RouterHarness();
    await router.start();
  });
  afterAll(() => router.stop());

  const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  const get = (parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${router.url}?${new URLSearchParams(parameters)}`, { headers });

  it.each([
    [undefined, JSON_TYPE],
    ['*/*', JSON_TYPE],
    [JSON_TYPE, JSON_TYPE],
    [GRAPHQL, GRAPHQL],
    [`${GRAPHQL}, ${JSON_TYPE};q=0.9`, GRAPHQL],
    [`${GRAPHQL};q=0.5, ${JSON_TYPE}`, JSON_TYPE],
    ['application/*', GRAPHQL],
  ])('to Accept %s answers %s', async (accept, type) => {
    const response = await post({ query: '{ hello }' }, accept ? { accept } : {});
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(await response.json()).toEqual({ data: { hello: 'Hello, world' } });
  });

  it('answers 406 when it can answer nothing that is accepted', async () => {
    expect((await post({ query: '{ hello }' }, { accept: 'text/plain' })).status).toBe(406);
  });

  it.each([
    ['a syntax error', { query: '{ hello' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a hidden field', { query: '{ signingKeys }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable of the wrong type',
      { query: 'query ($n: String) { hello(name: $n) }', variables: { n: [1] } },
      'BAD_USER_INPUT',
    ],
    ['a missing variable', { query: 'query ($n: String!) { hello(name: $n) }' }, 'BAD_USER_INPUT'],
    ['an unknown operation name', { query: 'query A { hello }', operationName: 'B' }, 'OPERATION_RESOLUTION_FAILURE'],
  ])('answers %s with 400 in the GraphQL media type and 200 in plain JSON', async (_, body, code) => {
    for (const [accept, status] of [
      [GRAPHQL, 400],
      [JSON_TYPE, 200],
    ] as const) {
      const response = await post(body, { accept });
      expect(response.status).toBe(status);
      const answer = await response.json();
      expect(answer).toMatchObject({ errors: [{ extensions: { code } }] });
      expect(answer).not.toHaveProperty('data');
    }
  });

  it.each([
    ['malformed JSON', '{"query": "{ hello }"'],
    ['an empty body', ''],
    ['an array', [{ query: '{ hello }' }]],
    ['a string', '"{ hello }"'],
    ['null', 'null'],
    ['no query', {}],
    ['a query that is no string', { query: 7 }],
    ['an empty query', { query: '' }],
    ['variables that are a list', { query: '{ hello }', variables: [] }],
    ['variables that are a string', { query: '{ hello }', variables: '{}' }],
    ['an operation name that is no string', { query: '{ hello }', operationName: 7 }],
    ['extensions that are a string', { query: '{ hello }', extensions: '' + 'x' }],
  ])('answers 400 to a body that is %s, whatever is accepted', async (_, body) => {
    for (const accept of [GRAPHQL, JSON_TYPE]) {
      const response = await post(body, { accept });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    }
  });

  it('answers 415 to a body of another type', async () => {
    const response = await post('{ hello }', { 'content-type': 'application/graphql' });
    expect(response.status).toBe(415);
  });

  it('answers queries over GET, and refuses mutations there', async () => {
    const response = await get({ query: 'query ($n: String) { hello(name: $n) }', variables: '{"n":"GET"}' });
    expect(await response.json()).toEqual({ data: { hello: 'Hello, GET' } });

    const mutation = await get({ query: 'mutation { write(text: "x") }' });
    expect(mutation.status).toBe(405);
    expect(mutation.headers.get('allow')).toBe('POST');
    expect((await get({ query: '{ hello }', variables: 'nonsense' })).status).toBe(400);
    expect((await get({})).status).toBe(400);
  });

  it('answers 405 to other methods', async () => {
    const response = await fetch(router.url, { method: 'PUT', body: '{}', headers: { 'content-type': JSON_TYPE } });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toContain('POST');
  });

  it('runs a mutation, and nothing of one with a refused root field', async () => {
    expect(await router.client.data('mutation { write(text: "kept") }')).toEqual({ write: 'kept' });
  });

  it('answers 429 with the time to wait when an operation was throttled', async () => {
    const response = await post({ query: '{ throttled }' });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.json()).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 7 } }],
    });
  });

  it('refuses a document with too many tokens', async () => {
    const response = await post({ query: `{ ${'hello '.repeat(20_000)} }` }, { accept: GRAPHQL });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'MAX_TOKENS_LIMIT' } }] });
  });

  it('answers 413 to a body that is too large', async () => {
    expect((await post({ query: '{ hello }', extensions: { padding: 'x'.repeat(2_000_000) } })).status).toBe(413);
  });

  it('returns the request id that the client sent, and makes one otherwise', async () => {
    const given = await post({ query: '{ hello }' }, { 'x-request-id': 'my-id' });
    expect(given.headers.get('x-request-id')).toBe('my-id');
    const made = await post({ query: '{ hello }' }, { 'x-request-id': 'bad id\u00e9' });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('shows the explorer to a browser that opens it, and answers queries of browsers all the same', async () => {
    const page = await fetch(router.url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    const answer = await get({ query: '{ hello }' }, { accept: 'text/html, */*;q=0.8' });
    expect(await answer.json()).toEqual({ data: { hello: 'Hello, world' } });
  });
});
