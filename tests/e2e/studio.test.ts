import { Trace } from '@apollo/usage-reporting-protobuf';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { eventually, GraphQLClient, PlatformProcess } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';
import { JsonService } from './json-service.js';
import { StandAloneRouter } from './stand-alone-router.js';
import { RecordingStudio } from './studio.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")';
const KEY = 'service:shop:a-secret-key';

describe('a router with a key of Apollo Studio', () => {
  let studio: RecordingStudio;
  let subgraph: JsonService;
  beforeAll(async () => {
    studio = await RecordingStudio.start();
    subgraph = await JsonService.start((request) => {
      const { query } = request as { query: string };
      if (!query.includes('broken')) return { data: { open: 1 } };
      return { data: { open: 1 }, errors: [{ message: 'The secret of ada@example.com', path: ['it'] }] };
    });
  });
  afterAll(async () => {
    await studio.stop();
    await subgraph.stop();
  });

  const supergraph = (fields: string) =>
    composeSupergraph([{ name: 'one', url: subgraph.url, typeDefs: `${LINK} type Query { ${fields} }` }]).sdl;
  const env = (also: Record<string, string> = {}) => ({
    APOLLO_KEY: KEY,
    APOLLO_GRAPH_REF: 'shop@current',
    APOLLO_USAGE_REPORTING_ENDPOINT: studio.url,
    APOLLO_USAGE_REPORTING_INTERVAL: '100ms',
    ...also,
  });

  it('reports how operations went, by name, client and error, and nothing of what was in them', async () => {
    const router = await StandAloneRouter.start({ sdl: supergraph('open(id: String): Int broken: Int'), env: env() });
    const ask = (body: object) =>
      fetch(`${router.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'apollographql-client-name': 'web',
          'apollographql-client-version': '2',
        },
        body: JSON.stringify(body),
      });
    const query = 'query Look($id: String) { open(id: $id) it: broken }';
    for (let time = 0; time < 3; time += 1) await ask({ query, variables: { id: 'a-secret-variable' } });
    await ask({ query: '{ open' });
    await ask({ query: '{ unknown }' });
    await eventually(() => expect(studio.reported('## GraphQLValidationFailure')).toHaveLength(1));
    await router.stop();

    expect(studio.reported('## GraphQLParseFailure')).toHaveLength(1);
    const looked = studio.reported('# Look\n');
    expect(looked.map(({ referencedFieldsByType }) => referencedFieldsByType?.['Query']?.fieldNames)).toContainEqual([
      'open',
      'broken',
    ]);
    const stats = looked.flatMap(({ statsWithContext }) => (statsWithContext ?? []) as object[]) as {
      context: object;
      queryLatencyStats: {
        requestCount: number;
        requestsWithErrorsCount: number;
        rootErrorStats: { children: object };
      };
    }[];
    expect(stats[0]?.context).toMatchObject({ clientName: 'web', clientVersion: '2' });
    expect(stats.reduce((sum, each) => sum + each.queryLatencyStats.requestCount, 0)).toBe(3);
    expect(stats.reduce((sum, each) => sum + each.queryLatencyStats.requestsWithErrorsCount, 0)).toBe(3);
    expect(stats[0]?.queryLatencyStats.rootErrorStats.children).toHaveProperty(['service:one', 'children', 'it']);

    expect(studio.keys.every((key) => key === KEY)).toBe(true);
    expect(studio.reports[0]?.header).toMatchObject({ graphRef: 'shop@current' });
    const told = JSON.stringify(studio.reports);
    for (const secret of ['a-secret-variable', 'ada@example.com', KEY]) expect(told).not.toContain(secret);
    expect(router.process.printed).not.toContain(KEY);
  });

  it('has told of everything when it has stopped, also to a Studio that takes its time', async () => {
    const router = await StandAloneRouter.start({ sdl: supergraph('open: Int'), env: env() });
    studio.slowness = 1_000;
    const before = studio.begun;
    const body = JSON.stringify({ query: 'query Late { open }' });
    await fetch(`${router.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await eventually(() => expect(studio.begun).toBeGreaterThan(before));
    await router.stop();
    studio.slowness = 0;
    expect(studio.reported('# Late\n')).toHaveLength(1);
  });

  it('serves what Studio publishes, follows it, and starts from what it kept while Uplink is away', async () => {
    studio.published = { id: '1', sdl: supergraph('open: Int') };
    const directory = await EmbeddedPlatform.newDirectory();
    const managed = env({
      APOLLO_MANAGED_FEDERATION: 'true',
      APOLLO_UPLINK_ENDPOINTS: `${studio.url}/uplink`,
      ROUTER_DATA_DIR: directory,
      ROUTER_INTROSPECTION: 'true',
    });
    const launch = async () => {
      const process = PlatformProcess.start(['router', '--port', '0'], managed);
      const [, url = ''] = await process.prints(/Listening on (http:[^"\s]+)/);
      return { process, client: new GraphQLClient(`${url}/graphql`) };
    };
    const first = await launch();
    expect(await first.client.data('{ open }')).toEqual({ open: 1 });
    studio.published = { id: '2', sdl: supergraph('open: Int second: Int') };
    await eventually(async () => {
      const { __type } = await first.client.data('{ __type(name: "Query") { fields { name } } }');
      expect(__type.fields).toContainEqual({ name: 'second' });
    });
    await first.process.end();

    studio.published = undefined;
    const second = await launch();
    const { __type } = await second.client.data('{ __type(name: "Query") { fields { name } } }');
    expect(__type.fields).toContainEqual({ name: 'second' });
    expect(second.process.printed).toContain('uplink unavailable');
    await second.process.end();
  });

  it('says what is missing when there is no supergraph at all', async () => {
    studio.published = undefined;
    const { code, printed } = await PlatformProcess.run(
      ['router', '--port', '0'],
      env({
        APOLLO_MANAGED_FEDERATION: 'true',
        APOLLO_UPLINK_ENDPOINTS: `${studio.url}/uplink`,
        ROUTER_DATA_DIR: await EmbeddedPlatform.newDirectory(),
      }),
    );
    expect({ code, printed }).toEqual({
      code: 1,
      printed: expect.stringContaining('Uplink has no supergraph for shop@current'),
    });
  });

  it('tells of a sample what each subgraph took for each field', async () => {
    const platform = await EmbeddedPlatform.start({
      env: env({ APOLLO_USAGE_REPORTING_FIELD_LEVEL_INSTRUMENTATION: '1' }),
    });
    const { client } = await platform.signInAsAdministrator();
    await client.data('query WhoAmI { me { id posts { totalCount } } }');
    await eventually(() => expect(studio.reported('# WhoAmI\n')).toHaveLength(1));
    await platform.stop();

    const [reported] = studio.reported('# WhoAmI\n');
    const trace = Trace.toObject(reported?.trace?.[0] as Trace) as {
      queryPlan: {
        parallel: {
          nodes: { fetch: { serviceName: string; trace: { root: { child: { responseName: string }[] } } } }[];
        };
      };
    };
    const fetches = trace.queryPlan.parallel.nodes.map(({ fetch }) => [
      fetch.serviceName,
      fetch.trace.root.child[0]?.responseName,
    ]);
    expect(fetches).toEqual([
      ['identity', 'me'],
      ['blog', '_entities'],
    ]);
  });
});

it('without a key, nothing leaves a router', async () => {
  const studio = await RecordingStudio.start();
  const { sdl } = composeSupergraph([{ name: 'one', url: studio.url, typeDefs: `${LINK} type Query { open: Int }` }]);
  const env = { APOLLO_USAGE_REPORTING_ENDPOINT: studio.url, APOLLO_USAGE_REPORTING_INTERVAL: '50ms' };
  const router = await StandAloneRouter.start({ sdl, env });
  await router.client.request('{ __typename }');
  await router.stop();
  expect({ reports: studio.reports, polls: studio.polls }).toEqual({ reports: [], polls: 0 });
  await studio.stop();
});
