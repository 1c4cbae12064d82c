import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askOver, codesOf, eventually, type Received, type SentRequest, transportNames } from '@platform/testkit';
import { PersistedQueryMetrics } from '../../src/persisted-queries/persisted-query-metrics.js';
import { RouterHarness } from '../http/router-harness.js';

const HELLO = 'query Hello($n: String) { hello(name: $n) }';
const HELLO_OF_DESK = 'query Hello { hello(name: "desk") }';
const WRITE = 'mutation Write { write(text: "listed") }';
const RELAYED = 'query Relayed { hello(name: "relay") }';

const apollo = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [
    { id: 'hello', name: 'Hello', type: 'query', body: HELLO },
    { id: 'hello', name: 'Hello', type: 'query', body: HELLO_OF_DESK, clientName: 'desk' },
    { id: 'write', name: 'Write', type: 'mutation', body: WRITE },
  ],
};

const byId = (sha256Hash: string): SentRequest => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

type Settings = RouterHarness['defaults']['persistedQueries'];

describe('the safelist', () => {
  let router: RouterHarness;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'manifests-'));
    await writeFile(join(folder, 'apollo.json'), JSON.stringify(apollo));
    await writeFile(join(folder, 'relay.json'), JSON.stringify({ relayed: RELAYED, 'web~1.2.0~hive': RELAYED }));
  });
  afterEach(async () => {
    await router.stop();
    await rm(folder, { recursive: true });
  });

  const start = async (mode: Settings['mode'], more: Partial<Settings> & { introspection?: boolean } = {}) => {
    router = new RouterHarness();
    const { introspection = false, ...settings } = more;
    const manifests = ['apollo.json', 'relay.json'].map((name) => join(folder, name));
    await router.start({
      router: {
        introspection,
        batching: { enabled: true, maxOperations: 3 },
        persistedQueries: { ...router.defaults.persistedQueries, mode, manifests, ...settings },
      },
    });
  };
  const ask = (request: SentRequest, headers?: Record<string, string>): Promise<Received> =>
    askOver('POST')(router.url, request, headers);
  const replace = async (name: string, manifest: unknown) => {
    await writeFile(join(folder, 'next'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    await rename(join(folder, 'next'), join(folder, name));
  };

  describe.each(transportNames)('over %s', (transport) => {
    const send = (request: SentRequest, headers?: Record<string, string>) =>
      askOver(transport)(router.url, request, headers);

    it('answers what is listed, by id, or by a document that means the same', async () => {
      await start('safelist');
      expect(await send({ ...byId('hello'), variables: { n: 'id' } })).toEqual({ data: { hello: 'Hello, id' } });
      expect(await send({ documentId: 'relayed' })).toEqual({ data: { hello: 'Hello, relay' } });
      const rewritten = '# a comment\nquery   Hello($n:String){\n hello(name:$n)\n}';
      expect(await send({ query: rewritten, variables: { n: 'text' } })).toEqual({ data: { hello: 'Hello, text' } });
    });

    it('refuses every document where ids are asked for', async () => {
      await start('safelist-by-id');
      expect(codesOf(await send({ query: HELLO }))).toEqual(['PERSISTED_QUERY_ID_REQUIRED']);
      expect(await send(byId('write'))).toEqual({ data: { write: 'listed' } });
    });

    it('knows the client by its name', async () => {
      await start('safelist-by-id');
      const desk = { 'apollographql-client-name': 'desk' };
      expect(await send(byId('hello'), desk)).toEqual({ data: { hello: 'Hello, desk' } });
      expect(await send(byId('write'), desk)).toEqual({ data: { write: 'listed' } });
    });
  });

  it('answers refusals with the statuses that clients know', async () => {
    await start('safelist');
    const status = async (body: SentRequest) =>
      (await fetch(router.url, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(body) })).status;
    expect(await status({ query: '{ hello }' })).toBe(403);
    expect(await status(byId('nothing'))).toBe(404);
    expect(await status({ ...byId('hello'), query: HELLO })).toBe(400);
  });

  it('reads ids as Hive writes them', async () => {
    await start('safelist-by-id');
    expect(await ask({ documentId: 'web~1.2.0~hive' })).toEqual({ data: { hello: 'Hello, relay' } });
    expect(await ask({ documentId: 'desk~7~hello' })).toEqual({ data: { hello: 'Hello, desk' } });
    expect(codesOf(await ask({ documentId: 'desk~7~nothing' }))).toEqual(['PERSISTED_QUERY_NOT_IN_LIST']);
  });

  it('lets nobody register queries', async () => {
    await start('safelist');
    const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(codesOf(await ask({ ...byId(hash), query: '{ hello }' }))).toEqual(['CANNOT_SEND_PQ_ID_AND_BODY']);
    expect(codesOf(await ask(byId(hash)))).toEqual(['PERSISTED_QUERY_NOT_IN_LIST']);
  });

  it('lets the schema be read where introspection is on, and nothing beside it', async () => {
    await start('safelist-by-id', { introspection: true });
    expect(await ask({ query: '{ __typename __schema { queryType { name } } }' })).toMatchObject({
      data: { __typename: 'Query' },
    });
    for (const query of ['{ __typename hello }', '{ ...F } fragment F on Query { hello }', '{ __typename: hello }']) {
      expect(codesOf(await ask({ query }))).toEqual(['PERSISTED_QUERY_ID_REQUIRED']);
    }
  });

  it.each([
    ['audit', { mode: 'audit' as const }],
    ['shadow', { mode: 'safelist' as const, shadow: true }],
  ])('in %s reports what it would refuse, and answers it', async (_, { mode, ...more }) => {
    await start(mode, more);
    expect(await ask({ query: '{ hello }' })).toEqual({ data: { hello: 'Hello, world' } });
    expect(await ask({ query: HELLO, variables: { n: 'listed' } })).toEqual({ data: { hello: 'Hello, listed' } });
    const refusals = await router.metrics.of(PersistedQueryMetrics).rejections.get();
    expect(refusals.values).toEqual([{ value: 1, labels: { code: 'QUERY_NOT_IN_SAFELIST', enforced: 'false' } }]);
  });

  it('follows its files, and keeps the list that it has when they are broken', async () => {
    await start('safelist-by-id');
    await replace('relay.json', { relayed: RELAYED, later: 'query Later { hello(name: "later") }' });
    await eventually(async () => expect(await ask(byId('later'))).toEqual({ data: { hello: 'Hello, later' } }));

    await replace('relay.json', { broken: '{ hello' });
    await eventually(async () =>
      expect((await router.health.report()).checks['persisted queries']).toMatchObject({
        reason: expect.stringContaining('relay.json: broken: Syntax Error'),
      }),
    );
    expect(await ask(byId('later'))).toEqual({ data: { hello: 'Hello, later' } });

    await replace('relay.json', {});
    await eventually(async () => expect(codesOf(await ask(byId('later')))).toEqual(['PERSISTED_QUERY_NOT_IN_LIST']));
    expect((await router.health.report()).checks['persisted queries']).toMatchObject({ status: 'ok' });
  });

  it.each([
    ['no JSON', 'nonsense', 'is not well-formed JSON'],
    ['a list', '[]', 'relay.json'],
    ['an id for two operations', JSON.stringify({ hello: '{ secret }' }), 'stands for another operation'],
    ['a document that is none', JSON.stringify({ x: '{' }), 'Syntax Error'],
  ])('does not start on %s', async (_, text, reason) => {
    await writeFile(join(folder, 'relay.json'), text);
    await expect(start('safelist')).rejects.toThrow(reason);
  });
});

const JSON_BODY = { 'content-type': 'application/json', accept: 'application/json' };
