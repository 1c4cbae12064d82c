import { fastify } from 'fastify';
import { Admission } from '../admission/index.js';
import type { ServerConfig } from '../config/index.js';
import type { Health } from '../health/index.js';
import type { Logger } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import { clientAddress } from './client-address.js';
import { answerError, answerNotFound, malformedRequestAnswer } from './errors.js';
import { HttpMetrics } from './http-metrics.js';
import { HttpServerComponent } from './http-server-component.js';
import { addOperationsRoutes, measureRequests } from './operations-routes.js';
import { requestIdOf, scopeRequests } from './request-scope.js';
import { refuseOtherTargets, rewriteTarget } from './request-target.js';
import { SlowReaders } from './slow-readers.js';

export interface HttpServerOptions {
  config: ServerConfig;
  /** Used when the configuration names no port; 0 takes any free one. */
  port: number;
  logger: Logger;
  health: Health;
  metrics: Metrics;
  /** Hears of every unexpected error, inside its request's context. */
  onError?: (error: unknown) => void;
  /** Whether callers decide on traces and their sampling, as processes of the platform do; otherwise their traces are linked to. True by default. */
  continueTraces?: boolean;
  /** The part's name; 'http' by default. */
  name?: string;
}

/** How often slow clients are looked for, in ms. */
const CHECK_INTERVAL = 5_000;

/** A server with the routes, limits and refusals that every process shares; its own routes are added to `app`. */
export function createHttpServer({
  config,
  port,
  logger,
  health,
  metrics,
  onError,
  name = 'http',
  continueTraces = true,
}: HttpServerOptions): HttpServerComponent {
  const handleError = answerError(onError ?? ((error) => logger.error({ err: error }, 'unexpected error')));
  const app = fastify({
    bodyLimit: config.bodyLimit,
    requestTimeout: config.requestTimeout,
    http: {
      headersTimeout: Math.min(config.headersTimeout, config.requestTimeout),
      maxHeaderSize: config.headerLimit,
      connectionsCheckingInterval: Math.min(config.headersTimeout, CHECK_INTERVAL),
    },
    requestIdHeader: false,
    genReqId: requestIdOf,
    rewriteUrl: rewriteTarget,
    // While stopping, a request on an open connection is answered like any other: SIGTERM loses none.
    return503OnClosing: false,
    frameworkErrors: handleError,
    clientErrorHandler: (error, socket) => {
      if (socket.writable) socket.end(malformedRequestAnswer(error));
      else socket.destroy();
    },
  });
  new SlowReaders(app.server, {
    writeTimeout: config.writeTimeout,
    ...config.pendingWrites,
    onCut: (reason) => metrics.of(HttpMetrics).slowReaders.inc({ reason }),
  });
  const clientIp = clientAddress(config.proxies);
  scopeRequests(app, clientIp, continueTraces);
  refuseOtherTargets(app);
  measureRequests(app, metrics);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(answerNotFound);
  addOperationsRoutes(app, { health, metrics });
  const admission = new Admission({ enabled: config.admission, metrics, logger });
  app.addHook('onClose', async () => admission.stop());
  return new HttpServerComponent(name, app, config, config.port ?? port, logger, clientIp, admission);
}
