import type { HttpServerComponent } from '@platform/foundation/http';
import type { FailureReport } from '../failure-report.js';
import { HeaderNames } from '../headers/index.js';
import type { Pipeline } from '../operation.js';
import type { RateLimits } from '../rate-limits/index.js';
import type { RouterOptions } from '../router-options.js';
import { askerOf } from '../stages/asker-of.js';
import { callerOf } from '../stages/authenticate.js';
import type { Subscriptions } from '../subscriptions/index.js';
import type { AuthenticateConnection } from './authenticate-connection.js';
import { registerGraphQL } from './http/graphql-http.js';
import { OpenConnections } from './open-connections.js';
import { EventStreams } from './sse/event-streams.js';
import { registerGraphQLWebSocket } from './websocket/graphql-websocket.js';

interface TransportsDependencies extends Pick<RouterOptions, 'config' | 'auth' | 'subgraphs' | 'explorer'> {
  readonly pipeline: Pipeline;
  /** They end before the connections that carry them. */
  readonly subscriptions: Subscriptions;
  readonly rateLimits: RateLimits;
  readonly failures: FailureReport;
  /** Browser origins that may call. */
  readonly origins: () => readonly string[];
  readonly onError: (error: unknown) => void;
}

/** In which clients say who they are; these give no rights. */
const CLIENT_HEADERS = ['apollographql-client-name', 'apollographql-client-version'];

/** Everything that a client may speak to the router in, all of it running the same pipeline. */
export function registerTransports(http: HttpServerComponent, parts: TransportsDependencies): void {
  const { config, auth, subgraphs, explorer, pipeline, subscriptions, rateLimits, failures, origins, onError } = parts;
  const { batching } = config.router;
  const {
    heartbeat,
    parametersAsHeaders,
    connections: bounds,
    operationsPerConnection: operations,
  } = config.router.subscriptions;
  const named = auth.organizations?.header;
  const namedHeaders = [...(subgraphs.forwardHeaders ?? []), ...CLIENT_HEADERS, ...(named ? [named] : [])];
  const count = (clientIp: string | undefined) => rateLimits.byIp({ clientIp });
  const authenticate: AuthenticateConnection = async (connection) => {
    await count(connection.clientIp);
    const { claims } = await callerOf(connection, auth).catch((error: unknown) => {
      failures.add(error);
      throw error;
    });
    return claims?.subject ?? null;
  };
  const shared = { pipeline, authenticate, heartbeat, onError };
  const eventStreams = new EventStreams(new OpenConnections(bounds), bounds.idle, operations);
  registerGraphQL(http.app, {
    ...shared,
    eventStreams,
    batching,
    count,
    refused: (request) => http.admission.refusal(askerOf(request, auth.tokens)),
    explorer,
  });
  const sockets = registerGraphQLWebSocket(http.app, {
    ...shared,
    connections: new OpenConnections(bounds),
    idle: bounds.idle,
    operations,
    maxMessageBytes: config.server.bodyLimit,
    greetingTimeout: config.server.headersTimeout,
    clientIp: http.clientIp,
    namesHeader: new HeaderNames(parametersAsHeaders ? namedHeaders : []),
    origins,
  });
  http.app.addHook('preClose', async () => {
    await subscriptions.stop();
    await eventStreams.end();
    await sockets.close();
  });
}
