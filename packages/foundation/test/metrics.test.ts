import { describe, expect, it } from '@jest/globals';
import { boundedLabel, Metrics } from '@platform/foundation/metrics';

describe('Metrics', () => {
  it('writes the platform’s and the runtime’s metrics in the Prometheus format', async () => {
    const metrics = new Metrics();
    metrics.operationDuration.observe(
      { operation: metrics.operationLabel('Me'), type: 'query', outcome: 'success' },
      0.012,
    );
    metrics.eventsDeadLettered.inc({ type: 'thing.made' });
    const text = await metrics.registry.metrics();
    expect(text).toContain('graphql_operation_duration_seconds_count{operation="Me",type="query",outcome="success"} 1');
    expect(text).toContain('events_dead_lettered_total{type="thing.made"} 1');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });

  it('keeps several instances in one process apart', async () => {
    const [first, second] = [new Metrics(), new Metrics()];
    first.cacheRequests.inc({ result: 'hit' });
    expect(await second.registry.metrics()).not.toContain('cache_requests_total{result="hit"}');
  });

  it('bounds the names of operations that clients make up', () => {
    const metrics = new Metrics();
    const labels = new Set(Array.from({ length: 1_000 }, (_, index) => metrics.operationLabel(`Op${index}`)));
    expect(labels.size).toBe(101);
    expect(metrics.operationLabel('Op0')).toBe('Op0');
    expect(metrics.operationLabel(undefined)).toBe('anonymous');
  });
});

describe('the names of operations', () => {
  const time = (metrics: Metrics, operation: string) =>
    metrics.operationDuration.observe(
      { operation: metrics.operationLabel(operation), type: 'query', outcome: 'success' },
      0.1,
    );
  const shown = async (metrics: Metrics) =>
    new Set(
      [...(await metrics.text()).matchAll(/graphql_operation_duration_seconds_count\{operation="(\w+)"/g)].map(
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

describe('boundedLabel', () => {
  it('keeps the first values, and those that come again, and calls the rest other', () => {
    const label = boundedLabel(4);
    expect(['a', 'b', 'c', 'a'].map(label)).toEqual(['a', 'b', 'other', 'a']);
    expect(['c', 'c', 'c', 'c'].map(label)).toEqual(['other', 'other', 'other', 'c']);
  });

  it('does not give all places to names that come once each, nor any to long ones', () => {
    const label = boundedLabel(10);
    for (let junk = 0; junk < 1_000; junk += 1) label(`junk${junk}`);
    expect(Array.from({ length: 5 }, () => label('used')).at(-1)).toBe('used');
    expect(boundedLabel(10)('x'.repeat(101))).toBe('other');
  });
});
