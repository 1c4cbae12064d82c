import { jest } from '@jest/globals';
import { askOver, type TransportName, transports } from '@platform/testkit';
import { RouterHarness } from './router-harness.js';

/** Messages of a WebSocket are made of objects, by the library that sends them. */
const texts = (Object.keys(transports) as TransportName[]).filter((name) => name !== 'WebSocket');

/** Whoever reads an answer on its way takes as long for it as all its subgraphs took. */
describe('an answer, which is text once it is made', () => {
  const router = new RouterHarness();

  beforeAll(async () => {
    const batching = { ...router.defaults.batching, enabled: true };
    await router.start({ router: { batching }, audit: { include: ['Query.hello'] } });
  });
  afterAll(() => router.stop());

  it.each(texts)('is read by nobody on its way into %s', async (transport) => {
    const parse = jest.spyOn(JSON, 'parse');
    const result = await askOver(transport)(router.url, { query: '{ hello(name: "Ada") latest { title } }' });
    const own = parse.mock.calls.filter(([text]) => text.startsWith('{"hello"'));
    parse.mockRestore();
    expect(result).toEqual({ data: { hello: 'Hello, Ada', latest: { title: 'A post' } } });
    expect(own).toEqual([]);
  });
});
