import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { BalancedEndpoint, connectSubgraph } from '@platform/subgraph-client/balancing';
import { HttpEndpoint } from '@platform/subgraph-client/endpoints';
import { eventually } from '@platform/testkit';
import { ConsulStandIn } from './consul-stand-in.js';
import { DnsServer } from './dns-server.js';
import { InstanceServer } from './instance-server.js';

const { discovery } = loadConfig(processSections, { environment: 'test', env: {} });
const logger = createLogger({ level: 'silent', format: 'json' });

describe('a subgraph with several instances', () => {
  let servers: InstanceServer[];
  let metrics: Metrics;
  const open: { stop(): Promise<void> }[] = [];

  beforeEach(async () => {
    metrics = new Metrics();
    servers = await Promise.all(['a', 'b', 'c'].map((name) => new InstanceServer(name).start()));
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((endpoint) => endpoint.stop()));
    for (const server of servers) server.stop();
  });

  const connect = (config: Partial<typeof discovery>, url = 'http://blog:4004/graphql') => {
    const endpoint = connectSubgraph('blog', url, { config: { ...discovery, ...config }, logger, metrics });
    open.push(endpoint);
    return endpoint;
  };
  const listed = (outlierDetection = discovery.outlierDetection) =>
    connect({ instances: { blog: { urls: servers.map(({ origin }) => origin) } }, outlierDetection });
  const ask = async (endpoint: ReturnType<typeof connect>): Promise<unknown> =>
    (await endpoint.execute({ query: '{ name }' }, {})).data?.name;
  const askedTimes = (endpoint: ReturnType<typeof connect>, times: number) =>
    Promise.all(Array.from({ length: times }, () => ask(endpoint)));
  const [first, second] = [0, 1].map((index) => () => servers[index] as InstanceServer) as [
    () => InstanceServer,
    () => InstanceServer,
  ];

  it('is one place where nothing is said of instances', () => {
    expect(connect({})).toBeInstanceOf(HttpEndpoint);
  });

  it('gives every instance requests', async () => {
    expect(new Set(await askedTimes(listed(), 100))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('gives the one that has not answered yet no more, while others have', async () => {
    const endpoint = listed();
    first().holding = true;
    const held: Promise<unknown>[] = [];
    for (let turn = 1; turn <= 60; turn += 1) {
      const asked = ask(endpoint);
      await eventually(() => {
        expect(first().held.length + servers.reduce((sum, { answered }) => sum + answered, 0)).toBe(turn);
      });
      if (first().held.length > held.length) held.push(asked);
      else await asked;
    }
    expect(held).toHaveLength(1);
    for (const response of first().held) first().answer(response);
    await Promise.all(held);
  });

  it('leaves out the one that keeps failing, and takes it back', async () => {
    const endpoint = listed({ consecutiveFailures: 3, baseEjectionTime: 200, maxEjectionRatio: 0.5 });
    first().failing = true;
    await eventually(async () => {
      await ask(endpoint).catch(() => {});
      expect(await metrics.registry.metrics()).toContain('router_subgraph_instance_ejections_total{subgraph="blog"} 1');
    });
    first().failing = false;
    await eventually(async () => expect(await ask(endpoint)).toBe('a'));
  });

  it('never leaves out more than the share', async () => {
    const endpoint = listed({ consecutiveFailures: 1, baseEjectionTime: 60_000, maxEjectionRatio: 0.5 });
    first().failing = true;
    second().failing = true;
    for (let times = 0; times < 60; times += 1) await ask(endpoint).catch(() => {});
    const text = await metrics.registry.metrics();
    expect(text).toContain('router_subgraph_instances{subgraph="blog",state="ejected"} 1');
    expect(text).toContain('router_subgraph_instances{subgraph="blog",state="available"} 2');
  });

  it('is found by DNS, at every address of the name', async () => {
    const endpoint = connect({ instances: { blog: { dns: 'localhost', port: first().port } } });
    expect(endpoint).toBeInstanceOf(BalancedEndpoint);
    await eventually(async () => expect(await ask(endpoint)).toBe('a'));
  });

  it('is found by SRV records, at the ports that they name, of those that come first', async () => {
    const dns = new DnsServer();
    const dnsServers = [await dns.start()];
    try {
      const at = ({ port }: InstanceServer, priority: number) => ({ host: 'localhost', port, priority });
      dns.records.set('_graphql._tcp.blog', [at(first(), 1), at(second(), 2)]);
      const endpoint = connect({ instances: { blog: { srv: '_graphql._tcp.blog' } }, dnsInterval: 20, dnsServers });
      expect(new Set(await askedTimes(endpoint, 20))).toEqual(new Set(['a']));

      dns.records.set('_graphql._tcp.blog', [at(second(), 2)]);
      await eventually(async () => expect(await ask(endpoint)).toBe('b'));

      dns.records.clear();
      expect(new Set(await askedTimes(endpoint, 20))).toEqual(new Set(['b']));
    } finally {
      dns.stop();
    }
  });

  it('is refused until an instance is known, within a bounded time', async () => {
    const endpoint = connect({ instances: { blog: { dns: 'nowhere.invalid' } } });
    await expect(endpoint.execute({ query: '{ name }' }, {}, AbortSignal.timeout(50))).rejects.toThrow(
      'No instance of blog is known',
    );
  });

  describe('found by Consul', () => {
    const consul = new ConsulStandIn();
    let url: string;
    beforeAll(async () => {
      url = await consul.start();
    });
    afterAll(() => consul.stop());

    const at = (server: InstanceServer) => ({ address: '127.0.0.1', port: server.port });
    const found = () =>
      connect({ instances: { blog: { consul: 'blog', tag: 'v1' } }, consul: { url, token: 'secret', wait: 30_000 } });

    it('follows what is healthy at once, asks with the token, and keeps what is known while Consul is away', async () => {
      consul.tell([at(first())]);
      const endpoint = found();
      expect(await ask(endpoint)).toBe('a');
      expect(consul.questions[0]?.token).toBe('secret');
      expect(consul.questions[0]?.url.pathname).toBe('/v1/health/service/blog');
      expect(Object.fromEntries(consul.questions[0]?.url.searchParams ?? [])).toMatchObject({
        passing: 'true',
        tag: 'v1',
        wait: '30000ms',
      });

      consul.tell([at(second())]);
      await eventually(async () => expect(await ask(endpoint)).toBe('b'));

      consul.goAway();
      expect(new Set(await askedTimes(endpoint, 20))).toEqual(new Set(['b']));
      consul.comeBack();
      consul.tell([at(first())]);
      await eventually(async () => expect(await ask(endpoint)).toBe('a'));

      consul.tell([]);
      expect(new Set(await askedTimes(endpoint, 20))).toEqual(new Set(['a']));
    });
  });
});
