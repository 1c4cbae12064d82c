import type { Metrics } from '../metrics/index.js';

/** Instruments of HTTP servers. */
export class HttpMetrics {
  /** Named as OpenTelemetry names `http.server.request.duration`. */
  readonly httpRequestDuration;
  /** `reason` is idle, connection or all. */
  readonly slowReaders;

  constructor(metrics: Metrics) {
    this.httpRequestDuration = metrics.histogram(
      'http_server_request_duration_seconds',
      'HTTP requests by route and status',
      ['http_request_method', 'http_route', 'http_response_status_code'],
    );
    this.slowReaders = metrics.counter(
      'platform_http_slow_client_disconnects_total',
      'Connections ended because their clients did not read',
      ['reason'],
    );
  }
}
