import type { Metrics } from '../metrics/index.js';

/** Instruments of HTTP servers. */
export class HttpMetrics {
  readonly httpRequestDuration;
  /** `reason` is idle, connection or all. */
  readonly slowReaders;

  constructor(metrics: Metrics) {
    this.httpRequestDuration = metrics.histogram('http_request_duration_seconds', 'HTTP requests by route and status', [
      'method',
      'route',
      'status',
    ]);
    this.slowReaders = metrics.counter(
      'http_slow_readers_total',
      'Connections ended because their clients did not read',
      ['reason'],
    );
  }
}
