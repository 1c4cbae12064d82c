import { describe, expect, it } from '@jest/globals';
import { HttpMetrics } from '@platform/foundation/http';
import { boundedLabel, Metrics } from '@platform/foundation/metrics';

describe('Metrics', () => {
  it('writes the platform’s and the runtime’s metrics in the Prometheus format', async () => {
    const metrics = new Metrics();
    metrics
      .of(HttpMetrics)
      .httpRequestDuration.observe(
        { http_request_method: 'GET', http_route: '/ready', http_response_status_code: 200 },
        0.012,
      );
    metrics.of(HttpMetrics).slowReaders.inc({ reason: 'idle' });
    const text = await metrics.registry.metrics();
    expect(text).toContain(
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/ready",http_response_status_code="200"} 1',
    );
    expect(text).toContain('platform_http_slow_client_disconnects_total{reason="idle"} 1');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });

  it('keeps several instances in one process apart', async () => {
    const [first, second] = [new Metrics(), new Metrics()];
    first.of(HttpMetrics).slowReaders.inc({ reason: 'idle' });
    expect(await second.registry.metrics()).not.toContain('platform_http_slow_client_disconnects_total{reason="idle"}');
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
