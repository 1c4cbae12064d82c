import { createHash } from 'node:crypto';
import { PlanningFailed } from '@platform/federation-engine';
import { type TransportName, transports } from '@platform/testkit';
import { RouterMetrics } from '../../src/router-metrics.js';
import { RouterHarness } from './router-harness.js';

const QUERY = 'query Greeting { hello }';

describe('a failure on our side', () => {
  let router: RouterHarness;

  beforeEach(async () => {
    router = new RouterHarness();
    await router.start({ router: { subgraphTimeout: 30_000, batching: { enabled: true, maxOperations: 5 } } });
  });
  afterEach(() => router.stop());

  const counted = async (code: string) => {
    const { values } = await router.metrics.of(RouterMetrics).failures.get();
    return values.find(({ labels }) => labels.code === code)?.value ?? 0;
  };

  it.each(Object.keys(transports) as TransportName[])(
    'is told once, with its cause, under the name and the hash of the operation, over %s',
    async (name) => {
      const { engine } = router.router.supergraphs;
      const cause = new Error('the planner met an invariant');
      const failing = () => Promise.reject(new PlanningFailed('The operation cannot be planned.', cause));
      const { prepare } = engine;
      engine.prepare = failing;
      const { result } = await transports[name](router.url, { query: QUERY });
      engine.prepare = prepare;
      expect(result.errors).toMatchObject([{ extensions: { code: 'QUERY_PLANNING_FAILED' } }]);
      expect(JSON.stringify(result)).not.toContain('invariant');
      expect(router.errors).toMatchObject([{ cause }]);
      expect(router.contexts).toMatchObject([
        { operation: 'Greeting', operationHash: createHash('sha256').update(QUERY).digest('hex') },
      ]);
      expect(await counted('QUERY_PLANNING_FAILED')).toBe(1);
    },
  );

  it('is told where a caller cannot be known, with what identity failed with', async () => {
    router.away.add('identity');
    const { status } = await router.client.withToken(await router.issuer.token()).request(QUERY);
    expect([status, await counted('SERVICE_UNAVAILABLE')]).toEqual([503, 1]);
  });

  it('is told where authz is away, though callers are answered what needs no permission', async () => {
    router.away.add('authz');
    expect(await router.client.data(QUERY)).toEqual({ hello: 'Hello, world' });
    expect(await counted('SERVICE_UNAVAILABLE')).toBe(1);
  });

  it('is none where the client is wrong', async () => {
    for (const query of ['{', '{ nothing }', 'subscription { a @skip(if: true) }', 'query ($a: Nope) { hello }']) {
      await router.client.request(query);
    }
    expect(router.errors).toEqual([]);
    expect(await router.metrics.of(RouterMetrics).failures.get()).toMatchObject({ values: [] });
  });
});
