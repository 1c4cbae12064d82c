import { createHash } from 'node:crypto';
import { MemoryCache } from '@platform/redis/cache';
import { RouterHarness } from '../http/router-harness.js';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const persistedQuery = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

describe('automatic persisted queries', () => {
  let router: RouterHarness;
  const cache = new MemoryCache();

  const start = async (automatic: Partial<RouterHarness['defaults']['persistedQueries']['automatic']> = {}) => {
    router = new RouterHarness();
    const { persistedQueries } = router.defaults;
    await router.start({
      cache,
      router: { persistedQueries: { ...persistedQueries, automatic: { ...persistedQueries.automatic, ...automatic } } },
    });
  };
  beforeEach(() => cache.clear());
  afterEach(() => router.stop());

  const post = async (body: unknown) => {
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as Answer) };
  };
  const get = async (parameters: Record<string, string>) => {
    const response = await fetch(`${router.url}?${new URLSearchParams(parameters)}`);
    return { status: response.status, headers: response.headers, ...((await response.json()) as Answer) };
  };

  it('asks for the text of a hash once, and then answers to the hash alone', async () => {
    await start();
    const query = '{ hello(name: "APQ") }';
    const extensions = persistedQuery(hashOf(query));
    const unknown = await post({ extensions });
    expect(unknown).toMatchObject({ status: 200, errors: [{ message: 'PersistedQueryNotFound' }] });
    expect(unknown.errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');

    expect(await post({ query, extensions })).toEqual({ status: 200, data: { hello: 'Hello, APQ' } });
    expect(await post({ extensions })).toEqual({ status: 200, data: { hello: 'Hello, APQ' } });
  });

  it('answers GET by hash, lets nothing between remember a miss, and runs no mutation there', async () => {
    await start();
    const query = '{ hello }';
    const extensions = JSON.stringify(persistedQuery(hashOf(query)));
    const unknown = await get({ extensions });
    expect(unknown.headers.get('cache-control')).toContain('no-cache');
    await get({ query, extensions });
    expect(await get({ extensions })).toMatchObject({ data: { hello: 'Hello, world' } });

    const mutation = 'mutation { write(text: "x") }';
    await post({ query: mutation, extensions: persistedQuery(hashOf(mutation)) });
    expect(await get({ extensions: JSON.stringify(persistedQuery(hashOf(mutation))) })).toMatchObject({ status: 405 });
  });

  it('never keeps a text under a hash that is not its own, and none that is not valid', async () => {
    await start();
    const extensions = persistedQuery(hashOf('{ hello }'));
    expect(await post({ query: '{ secret }', extensions })).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
    expect(await post({ extensions })).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });

    await post({ query: '{ nothing }', extensions: persistedQuery(hashOf('{ nothing }')) });
    expect(await post({ extensions: persistedQuery(hashOf('{ nothing }')) })).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound' }],
    });
  });

  it('puts no more into the shared cache than one network may, and answers from its own memory', async () => {
    await start({ sharedMemory: 16 * 1_000 });
    const registered = Array.from({ length: 5 }, (_, index) => `{ a${index}: hello(name: "${'x'.repeat(100)}") }`);
    for (const query of registered) await post({ query, extensions: persistedQuery(hashOf(query)) });
    const shared = await Promise.all(registered.map((query) => cache.get(`persisted-query:${hashOf(query)}`)));
    expect(shared.filter((text) => text !== undefined)).toHaveLength(1);
    for (const query of registered) {
      expect((await post({ extensions: persistedQuery(hashOf(query)) })).errors).toBeUndefined();
    }
  });

  it('believes nothing that another wrote into the shared cache', async () => {
    await start();
    const hash = hashOf('{ hello }');
    await cache.set(`persisted-query:${hash}`, 'mutation { write(text: "poison") }', 60_000);
    expect(await post({ extensions: persistedQuery(hash) })).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound' }],
    });
  });

  it('shares what was registered with other routers', async () => {
    await start();
    const query = '{ hello(name: "two routers") }';
    await post({ query, extensions: persistedQuery(hashOf(query)) });
    const first = router;
    await start();
    expect(await post({ extensions: persistedQuery(hashOf(query)) })).toMatchObject({
      data: { hello: 'Hello, two routers' },
    });
    await first.stop();
  });

  it('answers a text that is too long, and does not keep it', async () => {
    await start({ maxBytes: 64 });
    const query = `{ hello } # ${'x'.repeat(64)}`;
    const extensions = persistedQuery(hashOf(query));
    expect(await post({ query, extensions })).toMatchObject({ data: { hello: 'Hello, world' } });
    expect(await post({ extensions })).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });
  });

  it('tells clients to do without where it is switched off', async () => {
    await start({ enabled: false });
    for (const query of [undefined, '{ hello }']) {
      expect(await post({ query, extensions: persistedQuery(hashOf('{ hello }')) })).toMatchObject({
        status: 200,
        errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
      });
    }
  });

  it.each([
    ['a string', 'x'],
    ['a list', []],
    ['without a version', { sha256Hash: 'x' }],
    ['of another version', { version: 2, sha256Hash: 'x' }],
    ['without a hash', { version: 1 }],
    ['with a hash that is no string', { version: 1, sha256Hash: { $ne: '' } }],
    ['with an endless hash', { version: 1, sha256Hash: 'a'.repeat(10_000) }],
  ])('answers 400 to a persistedQuery that is %s', async (_, malformed) => {
    await start();
    for (const query of [undefined, '{ hello }']) {
      expect(await post({ query, extensions: { persistedQuery: malformed } })).toMatchObject({
        status: 400,
        errors: [{ extensions: { code: 'BAD_REQUEST' } }],
      });
    }
  });
});

interface Answer {
  data?: Record<string, unknown>;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}
