import { composeSupergraph } from '@platform/federation-engine/composition';
import {
  createTestDatabase,
  describeWithRedis,
  GraphQLClient,
  PlatformProcess,
  type TestDatabase,
} from '@platform/testkit';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { StandAloneRouter } from './stand-alone-router.js';

const STUDIO = 'https://studio.apollographql.com';

describeWithRedis('rover subgraph introspect', (redisUrl) => {
  let database: TestDatabase;
  let blog: PlatformProcess;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    blog = PlatformProcess.start(['start', 'blog'], {
      PLATFORM_ENV: 'test',
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl,
      SERVER_PORT: '0',
      LOGGING_LEVEL: 'info',
    });
    [, url = ''] = await blog.prints(/Listening on (http:[^"\s]+)/, 90_000);
  });
  afterAll(async () => {
    await blog?.end();
    await database.drop();
  });

  /** What `platformctl caller-token` prints, as the headers that rover's `--header` makes of it. */
  const tokenFor = async (subgraph: string): Promise<Record<string, string>> => {
    const { code, printed } = await PlatformProcess.run(['caller-token', subgraph, '--header'], {
      PLATFORM_ENV: 'test',
    });
    expect(code).toBe(0);
    const [name = '', value = ''] = printed.trim().split(': ');
    return { [name]: value };
  };
  const client = () => new GraphQLClient(`${url}/graphql`);
  const SDL = 'query SubgraphIntrospectQuery { _service { sdl } }';

  it('reads a subgraph’s schema with the header that platformctl prints', async () => {
    const rover = client().withHeaders(await tokenFor('blog'));
    expect((await rover.data(SDL))._service.sdl).toContain('type Post');
    const schema = buildClientSchema((await rover.data(getIntrospectionQuery())) as IntrospectionQuery);
    expect(schema.getType('Post')).toBeDefined();
  });

  it('reads nothing without it, or with that of another subgraph', async () => {
    for (const headers of [{}, await tokenFor('audit')]) {
      expect(await client().withHeaders(headers).request(SDL)).toMatchObject({
        status: 401,
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  });

  it('may read the schema and nothing that a permission guards', async () => {
    const rover = client().withHeaders(await tokenFor('blog'));
    const { data, errors } = await rover.request('mutation { createPost(input: { title: "x", content: "y" }) { id } }');
    expect(data?.createPost ?? null).toBeNull();
    expect(errors.length).toBeGreaterThan(0);
  });

  it('is not to be had in production', async () => {
    const { code, printed } = await PlatformProcess.run(['caller-token', 'blog'], { PLATFORM_ENV: 'production' });
    expect(code).toBe(1);
    expect(printed).toContain('in development and test alone');
  });
});

describe('Studio’s Explorer', () => {
  let router: StandAloneRouter;
  afterEach(() => router?.stop());

  const sdl = composeSupergraph([
    { name: 'shop', url: 'http://127.0.0.1:9', typeDefs: 'type Query { open: Int }' },
  ]).sdl;
  const preflight = () =>
    fetch(`${router.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: STUDIO,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, authorization',
      },
    });

  it('connects to a router in development and reads its schema', async () => {
    router = await StandAloneRouter.start({ sdl });
    expect(Object.fromEntries((await preflight()).headers)).toMatchObject({
      'access-control-allow-origin': STUDIO,
      'access-control-allow-headers': 'content-type, authorization',
    });
    const response = await fetch(`${router.url}/graphql`, {
      method: 'POST',
      headers: { origin: STUDIO, 'content-type': 'application/json' },
      body: JSON.stringify({ query: getIntrospectionQuery(), operationName: 'IntrospectionQuery' }),
    });
    expect(response.headers.get('access-control-allow-origin')).toBe(STUDIO);
    const { data } = (await response.json()) as { data: IntrospectionQuery };
    expect(buildClientSchema(data).getQueryType()?.getFields()).toHaveProperty('open');
  });

  it('connects to none in production', async () => {
    router = await StandAloneRouter.start({ sdl, env: { PLATFORM_ENV: 'production', SERVER_HOST: '127.0.0.1' } });
    expect((await preflight()).headers.has('access-control-allow-origin')).toBe(false);
  });
});
