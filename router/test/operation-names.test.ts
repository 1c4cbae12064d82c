import { Metrics } from '@platform/foundation/metrics';
import { RouterMetrics } from '../src/router-metrics.js';

describe('the names of operations', () => {
  it('are bounded, whatever clients make up', () => {
    const metrics = new Metrics();
    const labels = new Set(
      Array.from({ length: 1_000 }, (_, index) => metrics.of(RouterMetrics).operationLabel(`Op${index}`)),
    );
    expect(labels.size).toBe(101);
    expect(metrics.of(RouterMetrics).operationLabel('Op0')).toBe('Op0');
    expect(metrics.of(RouterMetrics).operationLabel(undefined)).toBe('anonymous');
  });

  const time = (metrics: Metrics, operation: string) =>
    metrics
      .of(RouterMetrics)
      .operationDuration.observe(
        { operation: metrics.of(RouterMetrics).operationLabel(operation), type: 'query', outcome: 'success' },
        0.1,
      );
  const shown = async (metrics: Metrics) =>
    new Set(
      [...(await metrics.text()).matchAll(/router_operation_duration_seconds_count\{operation="(\w+)"/g)].map(
        ([, name]) => name,
      ),
    );

  it('are those of traffic again, after 200 made-up ones came five times each', async () => {
    const metrics = new Metrics();
    for (let times = 0; times < 5; times++) for (let name = 0; name < 200; name++) time(metrics, `Junk${name}`);
    expect((await shown(metrics)).size).toBe(201);
    const used = Array.from({ length: 50 }, (_, index) => `Used${index}`);
    for (let times = 0; times < 20; times++) for (const name of used) time(metrics, name);
    const names = await shown(metrics);
    for (const name of used) expect(names).toContain(name);
    expect(names.size).toBeLessThanOrEqual(201);
  });

  it('stay those of traffic while made-up ones come in between', async () => {
    const metrics = new Metrics();
    for (let round = 0; round < 5_000; round++) {
      time(metrics, `Used${round % 20}`);
      for (let junk = 0; junk < 4; junk++) time(metrics, `Junk${round}x${junk}`);
    }
    const names = await shown(metrics);
    for (let index = 0; index < 20; index++) expect(names).toContain(`Used${index}`);
    expect(names.size).toBeLessThanOrEqual(201);
  });
});
