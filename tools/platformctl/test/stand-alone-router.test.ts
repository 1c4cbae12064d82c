import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { GraphQLClient, PlatformProcess } from '@platform/testkit';
import { TinySubgraph } from './tiny-subgraph.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])';
const FEDERATION =
  'scalar _Any union _Entity = Product extend type Query { _entities(representations: [_Any!]!): [_Entity]! }';
const PRODUCTS = 'type Query { products: [Product!]! } type Product @key(fields: "id") { id: ID! name: String! }';
const STOCK = 'type Query { warehouses: Int! } type Product @key(fields: "id") { id: ID! left: Int! }';
const KEY = 'directive @key(fields: String!) on OBJECT';

describe('platformctl router', () => {
  let directory: string;
  const parts: { stop(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'platform-router-'));
  });
  afterAll(async () => {
    for (const part of parts.reverse()) await part.stop();
    await rm(directory, { recursive: true });
  });

  const supergraph = async (name: string, sdl: string): Promise<string> => {
    const file = join(directory, name);
    await writeFile(file, sdl);
    return file;
  };

  it.each([
    ['in development', 'development'],
    ['in production, without any secret', 'production'],
  ])('answers from anybody’s subgraphs, without a database and without users, %s', async (_where, environment) => {
    const products = await TinySubgraph.start(`${KEY} ${PRODUCTS} ${FEDERATION}`, {
      products: [
        { id: '1', name: 'Table' },
        { id: '2', name: 'Chair' },
      ],
    });
    const stock = await TinySubgraph.start(`${KEY} ${STOCK} ${FEDERATION}`, {
      _entities: ({ representations }: { representations: { id: string }[] }) =>
        representations.map(({ id }) => ({ __typename: 'Product', id, left: Number(id) * 10 })),
    });
    parts.push(products, stock);
    const file = await supergraph(
      'shop.graphql',
      composeSupergraph([
        { name: 'products', url: products.url, typeDefs: `${LINK} ${PRODUCTS}` },
        { name: 'stock', url: stock.url, typeDefs: `${LINK} ${STOCK}` },
      ]).sdl,
    );

    const router = PlatformProcess.start(['router', '--supergraph', file, '--port', '0'], {
      PLATFORM_ENV: environment,
    });
    parts.push({ stop: () => router.end() });
    const [, url] = await router.prints(/Listening on (http:\/\/[\w.]+:\d+)/);
    const client = new GraphQLClient(`${url}/graphql`);

    expect(await client.data('{ products { name left } }')).toEqual({
      products: [
        { name: 'Table', left: 10 },
        { name: 'Chair', left: 20 },
      ],
    });
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    expect(await client.withToken('not.a.token').data('{ products { name } }')).toHaveProperty('products');

    await stock.stop();
    expect(await client.request('{ products { name left } }')).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'stock' } }, {}],
    });
    expect(await client.data('{ products { name } }')).toHaveProperty('products');
    expect(await router.end()).toBe(0);
  });

  it.each([
    ['does not exist', async () => '/nowhere/supergraph.graphql', 'ENOENT'],
    ['is no GraphQL', () => supergraph('broken.graphql', 'type Query {'), 'Syntax Error: Expected Name'],
    ['is no supergraph', () => supergraph('plain.graphql', 'type Query { a: Int }'), 'Invalid supergraph'],
    ['is empty', () => supergraph('empty.graphql', ''), 'Syntax Error: Unexpected <EOF>'],
  ])('says in one line, and exits 1, when the supergraph file %s', async (_what, file, reason) => {
    const path = await file();

    const { code, printed } = await PlatformProcess.run(['router', '--supergraph', path, '--port', '0']);

    expect(code).toBe(1);
    expect(printed.trim().split('\n')).toEqual([expect.stringContaining(`${path} cannot be used: `)]);
    expect(printed).toContain(reason);
  });

  it('tells every mistake of its configuration at one start, each with its place', async () => {
    const file = await supergraph(
      'misconfigured.graphql',
      composeSupergraph([
        { name: 'products', url: 'localhost:4001/graphql', typeDefs: `${LINK} ${PRODUCTS}` },
        { name: 'stock', url: 'http://stock', typeDefs: `${LINK} ${STOCK}` },
      ]).sdl,
    );
    const config = join(directory, 'mistakes.yaml');
    await writeFile(
      config,
      [
        `server: { port: "\${NOBODY_SETS_THIS}" }`,
        'discovery: { tls: { stock: { ca: /nowhere/ca.pem } } }',
        'router:',
        '  subgraphTimeout: soon',
        '  colour: red',
        '  subgraphs: { stocks: { timeout: 1s } }',
        '  traffic: { subgraphs: { product: {} } }',
      ].join('\n'),
    );

    const { code, printed } = await PlatformProcess.run(['router', '--supergraph', file, '--config', config]);

    expect(code).toBe(1);
    for (const place of [
      'server.port',
      'router.subgraphTimeout',
      'router.colour',
      'the supergraph: the URL of products',
      'discovery.tls.stock.ca',
      'router.subgraphs.stocks',
      'router.traffic.subgraphs.product',
    ])
      expect(printed).toContain(`- ${place}`);
  });

  it('says so, and exits 1, when its port is taken', async () => {
    const other = await TinySubgraph.start('type Query { a: Int }', {});
    parts.push(other);
    const file = await supergraph(
      'one.graphql',
      composeSupergraph([{ name: 'one', url: other.url, typeDefs: `${LINK} type Query { a: Int }` }]).sdl,
    );

    const { port } = new URL(other.url);
    const { code, printed } = await PlatformProcess.run(['router', '--supergraph', file, '--port', port]);

    expect(code).toBe(1);
    expect(printed).toContain(`Port ${port} of 127.0.0.1 is in use. Choose another with SERVER_PORT.`);
  });
});
