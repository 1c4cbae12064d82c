import { askOver, codesOf, type SentRequest, transportNames } from '@platform/testkit';
import { CostMetrics } from '../../src/cost/cost-metrics.js';
import { OperationLimitMetrics } from '../../src/limits/operation-limit-metrics.js';
import { RouterHarness } from '../http/router-harness.js';

const WRITE = { query: 'mutation { write(text: "x") }' };
const DEAR = { query: '{ dear: hello secret }' };

describe('demand control', () => {
  let router: RouterHarness;
  afterEach(() => router.stop());

  const start = async (cost: Partial<RouterHarness['defaults']['cost']>) => {
    router = new RouterHarness();
    await router.start({
      router: {
        batching: { enabled: true, maxOperations: 3 },
        cost: { ...router.defaults.cost, mode: 'enforce', ...cost },
      },
    });
    await router.swap('hello(name: String = "world"): String', '$& @federation__cost(weight: 7)');
  };
  const ask = (request: SentRequest, headers?: Record<string, string>) => askOver('POST')(router.url, request, headers);
  const signedIn = async () => ({ authorization: `Bearer ${await router.issuer.token()}` });

  it.each(transportNames)('refuses over %s what is too expensive, before anything is fetched', async (transport) => {
    await start({ anonymous: 9 });
    const { blog } = router.calls;
    const answer = await askOver(transport)(router.url, WRITE);
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', estimated: 11, maximum: 9 } },
    ]);
    expect(router.calls.blog).toBe(blog);
    expect(codesOf(await askOver(transport)(router.url, { query: '{ hello }' }))).toEqual([]);
  });

  it('has budgets for callers who signed in, and for holders of permissions', async () => {
    await start({ anonymous: 1, maximum: 12, byPermission: { 'blog.post.moderate': 100, 'blog.comment.moderate': 5 } });
    router.permissions = [];
    expect(codesOf(await ask(WRITE))).toEqual(['COST_ESTIMATED_TOO_EXPENSIVE']);
    expect(codesOf(await ask(WRITE, await signedIn()))).toEqual([]);
    expect(codesOf(await ask({ query: '{ a: hello b: hello }' }, await signedIn()))).toEqual([
      'COST_ESTIMATED_TOO_EXPENSIVE',
    ]);
    router.permissions = ['blog.comment.moderate'];
    await router.changeRoles();
    expect(codesOf(await ask(WRITE, await signedIn()))).toEqual(['COST_ESTIMATED_TOO_EXPENSIVE']);
    router.permissions.push('blog.post.moderate');
    await router.changeRoles();
    expect(codesOf(await ask({ query: '{ a: hello b: hello }' }, await signedIn()))).toEqual([]);
  });

  it('has budgets for subgraphs', async () => {
    await start({ bySubgraph: { blog: 10, identity: 1 } });
    expect((await ask({ query: '{ a: hello b: hello }' })).errors).toMatchObject([
      { extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', estimated: 14, maximum: 10, subgraph: 'blog' } },
    ]);
    expect(codesOf(await ask({ query: '{ hello }' }))).toEqual([]);
  });

  it('tells clients what an operation cost where it reports', async () => {
    await start({ report: true });
    expect(await ask(DEAR)).toEqual({
      data: { dear: 'Hello, world', secret: 'for readers' },
      extensions: { cost: { estimated: 7, actual: 7 } },
    });
    router.away.add('blog');
    expect((await ask({ query: '{ hello(name: "nobody") }' })).extensions).toEqual({
      cost: { estimated: 7, actual: 0 },
    });
  });

  it('withholds answers of queries that have cost too much, and never what a mutation did', async () => {
    await start({ actualMaximum: 6 });
    expect((await ask(DEAR)).errors).toMatchObject([
      { extensions: { code: 'COST_ACTUAL_TOO_EXPENSIVE', actual: 7, maximum: 6 } },
    ]);
    expect(await ask(WRITE)).toEqual({ data: { write: 'x' } });
  });

  it('measures alone where it is told to', async () => {
    await start({ mode: 'measure', anonymous: 1 });
    expect(await ask(WRITE)).toEqual({ data: { write: 'x' } });
    expect((await router.metrics.of(OperationLimitMetrics).exceeded.get()).values).toMatchObject([
      { value: 1, labels: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', enforced: 'false' } },
    ]);
    const { values } = await router.metrics.of(CostMetrics).actual.get();
    expect(values).toContainEqual(
      expect.objectContaining({ metricName: 'router_operation_actual_cost_sum', value: 11 }),
    );
  });
});
