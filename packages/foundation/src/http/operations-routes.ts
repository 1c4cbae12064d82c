import type { FastifyInstance } from 'fastify';
import type { Health } from '../health/index.js';
import type { Metrics } from '../metrics/index.js';
import { HttpMetrics } from './http-metrics.js';

/** What operators ask every process: is it alive, can it answer, how is it doing. */
export function addOperationsRoutes(
  app: FastifyInstance,
  { health, metrics }: { health: Health; metrics: Metrics },
): void {
  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/ready', async (_request, reply) => {
    const report = await health.report();
    return reply.code(report.status === 'unavailable' ? 503 : 200).send(report);
  });

  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.text()));
}

/** Measures every request under its route's pattern, never under the path that the client made up. */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics
      .of(HttpMetrics)
      .httpRequestDuration.observe(
        { http_request_method: request.method, http_route: route, http_response_status_code: reply.statusCode },
        reply.elapsedTime / 1000,
      );
  });
}
