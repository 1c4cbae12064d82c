import { composeSupergraph } from '@platform/federation-engine/composition';
import { PlatformProcess } from '@platform/testkit';
import { JsonService } from './json-service.js';
import { StandAloneRouter } from './stand-alone-router.js';

const RULES = `
router:
  batching: { enabled: true }
  cors: { origins: ['https://app.example.com'] }
  headers:
    fromSubgraphs:
      x-first: { merge: first }
      x-last: { merge: last }
      X-All: { merge: append }
      x-of-blog: { merge: first, subgraphs: [blog] }
      set-cookie: { merge: append, subgraphs: [shop] }
`;

describe('headers of subgraphs’ answers', () => {
  let shop: JsonService;
  let blog: JsonService;
  let router: StandAloneRouter;

  beforeAll(async () => {
    shop = await JsonService.start(() => ({ data: { one: 1, buy: 1 } }));
    blog = await JsonService.start(async () => {
      while (shop.bodies.length === 0) await new Promise(setImmediate);
      return { data: { two: 2 } };
    });
    shop.answerHeaders = {
      ...{ 'x-first': 'shop', 'x-last': 'shop', 'x-all': ['a', 'b'], 'x-of-blog': 'shop' },
      ...{ 'set-cookie': ['session=1; HttpOnly', 'theme=dark'], 'x-secret': 'internal', 'x-request-id': 'forged' },
      ...{ 'cache-control': 'public, max-age=600', 'access-control-allow-origin': '*', server: 'shop/1.0' },
    };
    blog.answerHeaders = { 'x-first': 'blog', 'x-last': 'blog', 'x-all': 'c', 'x-of-blog': 'blog' };
    const { sdl } = composeSupergraph([
      { name: 'shop', url: shop.url, typeDefs: 'type Query { one: Int } type Mutation { buy: Int }' },
      { name: 'blog', url: blog.url, typeDefs: 'type Query { two: Int }' },
    ]);
    router = await StandAloneRouter.start({ sdl, config: RULES });
  });
  afterAll(() => Promise.all([router?.stop(), shop.stop(), blog.stop()]));

  const post = async (body: unknown): Promise<Headers> => {
    const headers = { 'content-type': 'application/json', origin: 'https://app.example.com' };
    const response = await fetch(`${router.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(response.status).toBe(200);
    await response.text();
    return response.headers;
  };

  it('pass when they are named, each as its policy says', async () => {
    const headers = await post({ query: '{ one two }' });
    expect(headers.get('x-of-blog')).toBe('blog');
    expect(headers.get('x-all')?.split(', ').sort()).toEqual(['a', 'b', 'c']);
    expect(['shop', 'blog']).toContain(headers.get('x-first'));
    expect(headers.get('x-last')).not.toBe(headers.get('x-first'));
  });

  it('pass in the order of the operations of a batch', async () => {
    const headers = await post([{ query: '{ one }' }, { query: '{ two }' }]);
    expect(headers.get('x-first')).toBe('shop');
    expect(headers.get('x-last')).toBe('blog');
    expect(headers.get('x-all')).toBe('a, b, c');
  });

  it('stay behind when they are not named, or when they are the router’s own', async () => {
    const headers = await post({ query: '{ one }' });
    expect(headers.has('x-secret')).toBe(false);
    expect(headers.has('x-of-blog')).toBe(false);
    expect(headers.get('server')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(headers.get('x-request-id')).not.toBe('forged');
  });

  it('pass as cookies from mutations alone: the answer to a query may be several callers’', async () => {
    expect((await post({ query: '{ one }' })).getSetCookie()).toEqual([]);
    expect((await post({ query: 'mutation { buy }' })).getSetCookie()).toEqual(['session=1; HttpOnly', 'theme=dark']);
  });

  it('reach everybody who shares an answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ query: 'query Shared { one two }' })));
    expect(answers.map((headers) => headers.get('x-of-blog'))).toEqual(answers.map(() => 'blog'));
  });

  it('can be read by pages of allowed origins', async () => {
    expect((await post({ query: '{ one }' })).get('access-control-expose-headers')).toContain('x-of-blog');
  });

  it('cannot be those of the connection, of this one answer, or of the router', async () => {
    const names = ['connection', 'content-length', 'x-caller-token', 'cache-control', 'access-control-allow-origin'];
    const rules = Object.fromEntries(names.map((name) => [name, { merge: 'first' }]));
    const set = `router.headers.fromSubgraphs=${JSON.stringify(rules)}`;
    const { code, printed } = await PlatformProcess.run(['router', '--supergraph', 'x', '--set', set]);
    expect(code).toBe(1);
    for (const name of names) expect(printed).toContain(`router.headers.fromSubgraphs.${name}`);
  });
});
