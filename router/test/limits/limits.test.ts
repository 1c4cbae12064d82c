import { askOver, codesOf, type SentRequest } from '@platform/testkit';
import { OperationLimitMetrics } from '../../src/limits/operation-limit-metrics.js';
import { RouterHarness } from '../http/router-harness.js';

const TIGHT = {
  depth: 2,
  height: 4,
  aliases: 2,
  rootFields: 3,
  directives: 2,
  fragments: 3,
  fields: 6,
  duplicateFields: 1,
  characters: 300,
  maxStringLength: 200,
  maxNameLength: 50,
};

/** Each fragment spreads the next one twice: 2^n fields. */
const bomb = (levels: number): string =>
  `{ ...F0 } ${Array.from({ length: levels }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F${levels} on Query { hello }`;

describe('limits', () => {
  let router: RouterHarness;
  afterEach(() => router.stop());

  const start = async (limits: Partial<RouterHarness['defaults']['limits']>, maxTokens = 10_000) => {
    router = new RouterHarness();
    const { defaults } = router;
    await router.start({
      router: {
        maxTokens,
        batching: { enabled: true, maxOperations: 3 },
        limits: { ...defaults.limits, ...limits },
        subscriptions: { ...defaults.subscriptions },
      },
    });
  };

  const send = (request: SentRequest) => askOver('POST')(router.url, request);

  it.each([
    ['levels', '{ __schema { types { name } } }', 'MAX_DEPTH_LIMIT'],
    [
      'different fields',
      '{ hello __schema { description __typename } __type(name: "Post") { name kind } }',
      'MAX_HEIGHT_LIMIT',
    ],
    ['aliases', '{ a: hello b: hello c: hello }', 'MAX_ALIASES_LIMIT'],
    ['root fields', '{ hello fail secret me }', 'MAX_ROOT_FIELDS_LIMIT'],
    ['directives', '{ hello @a @b @c }', 'MAX_DIRECTIVES_LIMIT'],
    ['fragments', '{ hello ... { hello ... { ... { ... { hello } } } } }', 'MAX_FRAGMENTS_LIMIT'],
    ['repeated fields', '{ hello hello hello }', 'MAX_DUPLICATE_FIELDS_LIMIT'],
    ['a bomb of fragments', bomb(200), 'MAX_HEIGHT_LIMIT'],
    [
      'characters with fragments expanded',
      `{ ...F ...F ...F } fragment F on Query { hello(name: "${'x'.repeat(100)}") }`,
      'MAX_CHARACTERS_LIMIT',
    ],
  ])('refuses too many %s before anything runs', async (_, query, code) => {
    await start(TIGHT);
    const { blog } = router.calls;
    expect(codesOf(await send({ query }))).toEqual([code]);
    expect(router.calls.blog).toBe(blog);
  });

  it.each([
    ['a literal', { query: '{ hello(name: "TEXT") }' }],
    ['a block string', { query: '{ hello(name: """TEXT""") }' }],
    ['a variable', { query: 'query ($name: String) { hello(name: $name) }', variables: { name: 'TEXT' } }],
    ['a variable that nobody reads, at any depth', { query: '{ hello }', variables: { a: [{ b: [['TEXT']] }] } }],
    ['extensions', { query: '{ hello }', extensions: { a: { b: 'TEXT' } } }],
  ])('refuses strings that are too long in %s', async (_, request) => {
    await start({ maxStringLength: 20 });
    const sent = (length: number) => JSON.parse(JSON.stringify(request).replace('TEXT', 'x'.repeat(length)));
    expect(codesOf(await send(sent(21)))).toEqual(['MAX_STRING_LENGTH_LIMIT']);
    expect(codesOf(await send(sent(20)))).toEqual([]);
  });

  it.each([
    ['an alias', { query: '{ NAME: hello }' }],
    ['the name of the operation', { query: 'query NAME { hello }' }],
    ['the name that is asked for', { query: 'query NAME { hello }', operationName: 'NAME' }],
    ['a key of the variables', { query: '{ hello }', variables: { a: [{ NAME: 1 }] } }],
  ])('refuses names that are too long in %s', async (_, request) => {
    await start({ maxNameLength: 20 });
    const sent = (length: number) => JSON.parse(JSON.stringify(request).replaceAll('NAME', 'n'.repeat(length)));
    expect(codesOf(await send(sent(21)))).toEqual(['MAX_NAME_LENGTH_LIMIT']);
    expect(codesOf(await send(sent(20)))).toEqual([]);
  });

  it('refuses too many tokens', async () => {
    await start({}, 10);
    expect(codesOf(await send({ query: `{ ${'hello '.repeat(10)} }` }))).toEqual(['MAX_TOKENS_LIMIT']);
  });

  it('counts comments as tokens', async () => {
    await start({}, 10);
    const commented = (comments: number) => ({ query: `${'#\n'.repeat(comments)}{ hello }` });
    expect(codesOf(await send(commented(11)))).toEqual(['MAX_TOKENS_LIMIT']);
    expect(codesOf(await send(commented(10)))).toEqual([]);
  });

  it('answers what is just within them', async () => {
    await start(TIGHT, 8);
    expect(await send({ query: '{ a: hello b: hello }' })).toEqual({
      data: { a: 'Hello, world', b: 'Hello, world' },
    });
  });

  it('are on by default, and wide enough for the introspection of tools', async () => {
    await start({});
    const { getIntrospectionQuery } = await import('graphql');
    expect(codesOf(await askOver('POST')(router.url, { query: getIntrospectionQuery() }))).toEqual([]);
    expect(codesOf(await askOver('POST')(router.url, { query: bomb(50) }))).toHaveLength(1);
    const nested = `{ __schema { types { ${'fields { type { '.repeat(20)} name ${'} }'.repeat(20)} } } }`;
    expect(codesOf(await askOver('POST')(router.url, { query: nested }))).toEqual(['MAX_DEPTH_LIMIT']);
  });

  it('stop circular introspection that is not deep', async () => {
    await start({});
    const query =
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
    expect(codesOf(await askOver('POST')(router.url, { query }))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('report and answer where they only warn', async () => {
    await start({ ...TIGHT, warnOnly: true });
    expect(await askOver('POST')(router.url, { query: '{ a: hello b: hello c: hello }' })).toMatchObject({
      data: { c: 'Hello, world' },
    });
    expect((await router.metrics.of(OperationLimitMetrics).exceeded.get()).values).toEqual([
      { value: 1, labels: { code: 'MAX_ALIASES_LIMIT', enforced: 'false' } },
    ]);
  });
});

describe('suggestions', () => {
  it.each([true, false])('are given where suggestions is %s', async (suggestions) => {
    const router = new RouterHarness();
    await router.start({ router: { suggestions } });
    const messages = async (request: SentRequest) =>
      ((await askOver('POST')(router.url, request)).errors ?? []).map(({ message }) => message).join();
    const told = [
      await messages({ query: '{ helo }' }),
      await messages({ query: '{ hello(nam: "x") }' }),
      await messages({ query: 'query ($n: Strin) { hello(name: $n) }' }),
    ];
    for (const message of told) {
      expect(message).not.toBe('');
      expect(message.includes('Did you mean')).toBe(suggestions);
    }
    await router.stop();
  });
});

describe('batches', () => {
  let router: RouterHarness;
  afterEach(() => router.stop());
  const start = async (enabled: boolean) => {
    router = new RouterHarness();
    await router.start({ router: { batching: { enabled, maxOperations: 3 } } });
  };
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
      body,
    });
  const batch = (...queries: string[]) => JSON.stringify(queries.map((query) => ({ query })));

  it('are answered in their order, each operation by itself', async () => {
    await start(true);
    const response = await post(batch('{ hello }', '{ nothing }', 'mutation { write(text: "x") }'));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject([
      { data: { hello: 'Hello, world' } },
      { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
      { data: { write: 'x' } },
    ]);
  });

  it.each([
    ['too long', () => batch('{ hello }', '{ hello }', '{ hello }', '{ hello }'), 'BATCH_LIMIT_EXCEEDED'],
    ['empty', () => '[]', 'BAD_REQUEST'],
    ['cut off', () => '[{"query":"{ hello }"}', 'BAD_REQUEST'],
  ])('are refused as a whole when they are %s', async (_, body, code) => {
    await start(true);
    const response = await post(body());
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(router.calls.blog).toBe(0);
  });

  it('hold malformed requests beside good ones', async () => {
    await start(true);
    const response = await post(
      '[{"query":"{ hello }"}, 7, [], {"query":"subscription { open { id } }"}]'.replace(', []', ''),
    );
    expect(await response.json()).toMatchObject([
      { data: { hello: 'Hello, world' } },
      { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
      { errors: [{ extensions: { code: 'UNSUPPORTED_OPERATION' } }] },
    ]);
  });

  it('have the status that all of their operations have', async () => {
    await start(true);
    const response = await post(batch('{ hello }', '{ hello }'), { authorization: 'Bearer nonsense' });
    expect(response.status).toBe(401);
    expect(await response.json()).toHaveLength(2);
  });

  it('are no requests where they are switched off', async () => {
    await start(false);
    const response = await post(batch('{ hello }'));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });
});
