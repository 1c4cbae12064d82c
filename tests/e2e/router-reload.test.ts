import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { eventually } from '@platform/testkit';
import { JsonService } from './json-service.js';
import { StandAloneRouter } from './stand-alone-router.js';

describe('a router whose supergraph changes', () => {
  let subgraph: JsonService;
  let router: StandAloneRouter;
  let asking = false;

  const supergraph = (fields: string): string =>
    composeSupergraph([{ name: 'shop', url: subgraph.url, typeDefs: `type Query { ${fields} }` }]).sdl;
  const has = async (field: string): Promise<void> => {
    const { status } = await router.client.request(`{ ${field} }`);
    expect({ field, status }).toEqual({ field, status: 200 });
  };

  beforeAll(async () => {
    subgraph = await JsonService.start(() => ({ data: { a: 1, b: 2, c: 3 } }));
  });
  afterAll(() => subgraph.stop());
  afterEach(async () => {
    asking = false;
    await router?.stop();
  });

  it('loses no request while it changes ten times, once to a broken one', async () => {
    const one = supergraph('a: Int b: Int');
    const other = supergraph('a: Int c: Int');
    router = await StandAloneRouter.start({ sdl: one });
    asking = true;
    let answered = 0;
    const failures: unknown[] = [];
    const callers = Array.from({ length: 8 }, async () => {
      while (asking) {
        const { status, data, errors } = await router.client.request('query Hot { a }').catch((error) => error);
        if (status === 200 && data?.a === 1 && errors.length === 0) answered += 1;
        else failures.push({ status, data, errors });
      }
    });

    for (let change = 1; change <= 10; change += 1) {
      const answeredBefore = answered;
      if (change === 5) {
        await router.replaceSupergraph(`${one.slice(0, 200)} broken`);
        await eventually(async () => {
          const { status, checks } = await router.readiness();
          expect(status).toBe('degraded');
          expect(checks['supergraph']?.reason).toMatch(/refused/);
        });
        await has('a');
      } else {
        await router.replaceSupergraph(change % 2 === 1 ? other : one);
        await eventually(() => has(change % 2 === 1 ? 'c' : 'b'));
        await eventually(async () => expect((await router.readiness()).status).toBe('ready'));
      }
      await eventually(() => expect(answered).toBeGreaterThan(answeredBefore + 10));
    }
    asking = false;
    await Promise.all(callers);

    expect(failures).toEqual([]);
    expect(router.process.printed.match(/supergraph loaded/g)).toHaveLength(8);
    expect(router.process.printed).toMatch(/"warmed":[1-9]/);
    expect(router.process.printed).toMatch(/supergraph rejected; keeping the previous one/);
  });

  it('goes on with the old one for an answer that is still being deferred', async () => {
    const releases: (() => void)[] = [];
    const stock = await JsonService.start(async () => {
      await new Promise<void>((resolve) => releases.push(resolve));
      return { data: { _entities: [{ warehouse: { __typename: 'Warehouse', id: 'w1' } }] } };
    });
    const places = await JsonService.start(() => ({ data: { _entities: [{ city: 'Paris' }] } }));
    const shop = await JsonService.start(() => ({ data: { item: { __typename: 'Item', id: 'i1' } } }));
    const sdl = (also = '') =>
      composeSupergraph([
        {
          name: 'shop',
          url: shop.url,
          typeDefs: `type Query { item: Item ${also} } type Item @key(fields: "id") { id: ID! }`,
        },
        {
          name: 'stock',
          url: stock.url,
          typeDefs:
            'type Item @key(fields: "id") { id: ID! warehouse: Warehouse } type Warehouse @key(fields: "id") { id: ID! }',
        },
        { name: 'places', url: places.url, typeDefs: 'type Warehouse @key(fields: "id") { id: ID! city: String }' },
      ]).sdl;
    try {
      router = await StandAloneRouter.start({ sdl: sdl() });
      const response = await fetch(`${router.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'multipart/mixed; deferSpec=20220824' },
        body: JSON.stringify({ query: '{ item { id ... @defer { warehouse { city } } } }' }),
      });
      await eventually(() => expect(releases).toHaveLength(1));
      await router.replaceSupergraph(sdl('news: String'));
      await router.process.prints(/supergraph loaded/);
      for (const release of releases) release();

      const text = await response.text();
      expect(text).toContain('"incremental":[{"data":{"warehouse":{"city":"Paris"}},"path":["item"]}]');
      expect(text).not.toContain('errors');
    } finally {
      await Promise.all([shop.stop(), stock.stop(), places.stop()]);
    }
  });

  it('reads the list of persisted queries again on SIGHUP, and keeps the one before when it is broken', async () => {
    const listed = (...bodies: string[]) =>
      JSON.stringify({
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: bodies.map((body, index) => ({ id: `id-${index}`, name: `Q${index}`, type: 'query', body })),
      });
    const directory = await mkdtemp(join(tmpdir(), 'manifest-'));
    const manifest = join(directory, 'manifest.json');
    await writeFile(manifest, listed('query Q0 { a }'));
    const safelist = `persistedQueries: { mode: safelist, manifests: ["${manifest}"] }`;
    router = await StandAloneRouter.start({
      sdl: supergraph('a: Int b: Int'),
      config: `router: { reload: { watch: false }, ${safelist} }\n`,
    });
    const added = 'query Q1 { b }';
    expect(await router.client.codes('query Q0 { a }')).toEqual([]);
    expect(await router.client.codes(added)).toEqual(['QUERY_NOT_IN_SAFELIST']);

    await writeFile(manifest, listed('query Q0 { a }', added));
    router.process.signal('SIGHUP');
    await eventually(async () => expect(await router.client.codes(added)).toEqual([]));

    await writeFile(manifest, '{"format":');
    router.process.signal('SIGHUP');
    await router.process.prints(/persisted query manifests rejected; keeping the previous ones/);
    expect(await router.client.codes(added)).toEqual([]);
    await rm(directory, { recursive: true });
  });

  it('reads it, the log level and the allowed origins again on SIGHUP', async () => {
    const config = (origin: string, level: string) =>
      `router: { reload: { watch: false }, cors: { origins: [${origin}] } }\nlogging: { level: ${level} }\n`;
    router = await StandAloneRouter.start({ sdl: supergraph('a: Int'), config: config('https://one.example', 'info') });
    const allowed = async (origin: string): Promise<string | null> =>
      (await fetch(`${router.url}/graphql`, { method: 'OPTIONS', headers: { origin } })).headers.get(
        'access-control-allow-origin',
      );
    const configure = (text: string) => writeFile(join(router.directory, 'router.yaml'), text);
    expect(await allowed('https://one.example')).toBe('https://one.example');

    await router.replaceSupergraph(supergraph('a: Int b: Int'));
    await configure(config('https://two.example', 'debug'));
    router.process.signal('SIGHUP');
    await eventually(() => has('b'));
    await eventually(async () => expect(await allowed('https://two.example')).toBe('https://two.example'));
    expect(await allowed('https://one.example')).toBeNull();
    await router.process.prints(/operation completed/);

    await configure('router: { corz: {} }\n');
    router.process.signal('SIGHUP');
    await router.process.prints(/configuration reload failed[^\n]*|"reason":"[^\n]*router\.corz/);
    expect(await allowed('https://two.example')).toBe('https://two.example');
    await has('b');
  });
});
