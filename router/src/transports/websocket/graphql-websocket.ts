import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises';
import { CodedError, Unauthenticated } from '@platform/foundation/errors';
import {
  acceptWebSockets,
  type ClientAddress,
  type SocketExtra,
  serveGraphQLSockets,
  type WebSockets,
} from '@platform/foundation/http';
import { losslessReviver } from '@platform/foundation/json';
import { requestContext } from '@platform/foundation/logging';
import type { FastifyInstance } from 'fastify';
import { GraphQLError, parse } from 'graphql';
import type { Context } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { BadRequest, TooManySubscriptions } from '../../errors.js';
import type { HeaderNames } from '../../headers/index.js';
import type { Answer, GraphQLRequest, Pipeline } from '../../operation.js';
import type { AuthenticateConnection } from '../authenticate-connection.js';
import { isDoubled } from '../http/edge.js';
import { IdleTimer } from '../idle-timer.js';
import type { OpenConnections, Place } from '../open-connections.js';
import { allowedOrigin } from './allowed-origin.js';
import { authorizationOf, connectionHeaders, NoHeader } from './connection-headers.js';

interface GraphQLOverWebSocket {
  readonly pipeline: Pipeline;
  readonly authenticate: AuthenticateConnection;
  /** Time between two pings, in ms; a client that has not answered by the next one is cut off. */
  readonly heartbeat: number;
  readonly maxMessageBytes: number;
  /** How long a client may take for `connection_init`, in ms. */
  readonly greetingTimeout: number;
  readonly clientIp: ClientAddress;
  /** Headers for which parameters of a connection stand, too. */
  readonly namesHeader: HeaderNames;
  readonly onError: (error: unknown) => void;
  readonly connections: OpenConnections;
  /** How long a socket may stay open without an operation, in ms. */
  readonly idle: number;
  /** How many operations may run on one socket at a time. */
  readonly operations: number;
  /** Browser origins that may connect, besides the router's own. */
  readonly origins: () => readonly string[];
}

/** How long running operations may take to end when the router stops, in ms. */
const GOODBYE = 2_000;
const operationsOf = new WeakMap<WebSocket, Map<string, AbortController>>();

const TRY_AGAIN_LATER = 1013;
/** A client without operations connects again when it has one. */
const NORMAL = 1000;

/** The protocol's server wants a document to tell subscriptions by; the pipeline reads the request itself. */
const ANY_OPERATION = parse('subscription { operation }');

/** What a socket's operations have in common. */
interface Socket {
  readonly authorization: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly operations: Map<string, AbortController>;
  readonly idle: IdleTimer;
}

/** What each upgraded request has taken. */
const places = new WeakMap<IncomingMessage, Place>();

type SocketContext = Context<Record<string, unknown>, SocketExtra & { state?: Socket }>;

/** Serves queries, mutations and subscriptions at ws://…/graphql (graphql-transport-ws). A bad token closes the socket with 4403. */
export function registerGraphQLWebSocket(http: FastifyInstance, options: GraphQLOverWebSocket): WebSockets {
  const sockets = acceptWebSockets(http, {
    path: '/graphql',
    maxMessageBytes: options.maxMessageBytes,
    admits: (request) => admitted(request, options),
  });
  serveGraphQLSockets<Record<string, unknown>, { state: Socket }>(sockets.server, {
    protocol: {
      jsonMessageReviver: losslessReviver,
      connectionInitWaitTimeout: options.greetingTimeout,
      onConnect: (context) => connect(context, options),
      onSubscribe: async (context, id, payload) => {
        if ((context.extra.state?.operations.size ?? 0) >= options.operations) {
          return [new TooManySubscriptions(options.operations, 'connection', 'operations')];
        }
        const answer = await run(context, id, payload as GraphQLRequest, options);
        if ('result' in answer && !('data' in answer.result)) {
          forget(context.extra.state, id);
          return (answer.result.errors ?? []).map(asError);
        }
        return { schema: undefined as never, document: ANY_OPERATION, contextValue: answer };
      },
      subscribe: ({ contextValue }) => resultsOf(contextValue as Answer),
      onNext: (_context, _id, _payload, _arguments, result) => result,
      onComplete: ({ extra }, id) => forget(extra.state, id),
      onClose: ({ extra }) => {
        for (const id of [...(extra.state?.operations.keys() ?? [])]) forget(extra.state, id);
        extra.state?.idle.stop();
      },
    },
    keepAlive: options.heartbeat,
    onError: options.onError,
  });
  return {
    server: sockets.server,
    close: async () => {
      await operationsEnded(sockets);
      await sockets.close();
    },
  };
}

/** Takes a place for the socket, or answers the status that it is refused with. */
function admitted(request: IncomingMessage, { origins, clientIp, connections }: GraphQLOverWebSocket) {
  if (!allowedOrigin(request, origins()) || isDoubled(request.rawHeaders)) return false;
  const place = connections.ofUngreeted(clientIp(request));
  if (place === 'holder') return 429;
  if (place === 'all') return 503;
  places.set(request, place);
  request.socket.once('close', () => places.get(request)?.leave());
  return true;
}

/** Who is greeted holds a place as a user, or of the network, and none any more of those who are not. False when there is none. */
function greeted(
  request: IncomingMessage,
  subject: string | null,
  { connections, clientIp }: Pick<GraphQLOverWebSocket, 'connections' | 'clientIp'>,
): boolean {
  const own = subject === null ? 'all' : connections.ofUser(subject);
  const place = typeof own === 'string' ? connections.ofNetwork(clientIp(request)) : own;
  if (typeof place === 'string') return false;
  places.get(request)?.leave();
  places.set(request, place);
  return true;
}

/** Resolves once every running operation has told its end, or after two seconds. */
async function operationsEnded({ server }: WebSockets): Promise<void> {
  const deadline = performance.now() + GOODBYE;
  const running = () => [...server.clients].some((client) => (operationsOf.get(client)?.size ?? 0) > 0);
  while (running() && performance.now() < deadline) await wait(10);
  await immediate();
}

/** Answers false, which closes with 4403, to a bad token. */
async function connect(
  { extra, connectionParams }: SocketContext,
  { authenticate, clientIp, namesHeader, connections, idle }: GraphQLOverWebSocket,
): Promise<boolean> {
  const { headers: sent } = extra.request;
  let authorization: string | undefined;
  let headers: IncomingHttpHeaders;
  try {
    authorization = authorizationOf(connectionParams, sent);
    headers = { ...connectionHeaders(connectionParams, sent, namesHeader), authorization };
    const subject = await authenticate({ authorization, headers, clientIp: clientIp(extra.request) });
    if (extra.request.socket.destroyed) return false; // it has left its place already, and would leave no other
    if (!greeted(extra.request, subject, { connections, clientIp })) {
      extra.socket.close(TRY_AGAIN_LATER, 'Too many connections');
      return true;
    }
  } catch (error) {
    if (error instanceof Unauthenticated || error instanceof BadRequest || error instanceof NoHeader) return false;
    if (!(error instanceof CodedError)) throw error;
    extra.socket.close(TRY_AGAIN_LATER, String(error.extensions.code));
    return true;
  }
  const unused = new IdleTimer(idle, () => extra.socket.close(NORMAL, 'Idle'));
  extra.state = { authorization, headers, operations: new Map(), idle: unused };
  unused.start();
  operationsOf.set(extra.socket, extra.state.operations);
  return true;
}

/** Runs the pipeline for one message, as a request of its own. */
function run(
  { extra }: SocketContext,
  id: string,
  request: GraphQLRequest,
  { pipeline, clientIp: addressOf }: GraphQLOverWebSocket,
): Promise<Answer> {
  const { socket, request: upgrade, state } = extra;
  const gone = new AbortController();
  state?.operations.set(id, gone);
  state?.idle.stop();
  const requestId = randomUUID();
  const clientIp = addressOf(upgrade);
  const userAgent = upgrade.headers['user-agent'];
  return requestContext.run({ requestId, clientIp, userAgent }, () =>
    pipeline({
      request,
      authorization: state?.authorization,
      headers: state?.headers,
      clientIp,
      userAgent,
      requestId,
      mutationsAllowed: true,
      streaming: true,
      incremental: true,
      connection: socket,
      signal: gone.signal,
    }),
  );
}

function forget(state: Socket | undefined, id: string): void {
  state?.operations.get(id)?.abort();
  state?.operations.delete(id);
  if (state?.operations.size === 0) state.idle.start();
}

const resultsOf = (answer: Answer) => ('stream' in answer ? answer.stream : answer.result) as never;

const asError = ({ message, ...rest }: { message: string; extensions?: Record<string, unknown> }): GraphQLError =>
  Object.assign(new GraphQLError(message, { extensions: rest.extensions }), { toJSON: () => ({ message, ...rest }) });
