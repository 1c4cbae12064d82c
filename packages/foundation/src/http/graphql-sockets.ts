import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { type ConnectionInitMessage, handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import { losslessReviver, parseJson } from '../json/index.js';
import { SocketMessages } from './socket-messages.js';

/** What a socket's operations are told of it. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** How long the id that a client gives an operation may be, in characters. */
export const LONGEST_ID = 200;
/** Of the reason that a socket is closed with, in bytes: a control frame has no room for more. */
const LONGEST_REASON = 123;
const BAD_REQUEST = 4400;

interface ProtocolOptions<P extends ConnectionInitMessage['payload'], E extends object> {
  readonly protocol: ServerOptions<P, SocketExtra & Partial<E>>;
  /** Time between two pings, in ms; who has not answered by the next one is cut off. */
  readonly keepAlive: number;
  /** Hears of failures that are neither the client's nor coded. */
  readonly onError: (error: unknown) => void;
}

/** Speaks graphql-transport-ws on every socket of the server. What a client gets wrong closes its socket with the protocol's code. */
export function serveGraphQLSockets<P extends ConnectionInitMessage['payload'], E extends object>(
  server: WebSocketServer,
  { protocol, keepAlive, onError }: ProtocolOptions<P, E>,
): void {
  const graphql = makeServer({
    ...protocol,
    onSubscribe: (context, id, payload) => {
      if (id.length <= LONGEST_ID) return protocol.onSubscribe?.(context, id, payload);
      context.extra.socket.close(BAD_REQUEST, 'The id of the operation is too long');
      return [new GraphQLError('The id of the operation is too long.', { extensions: { code: 'BAD_REQUEST' } })];
    },
  });
  const parse = protocol.jsonMessageReviver === losslessReviver ? parseJson : JSON.parse;
  server.options.handleProtocols = handleProtocols;
  server.on('connection', (socket, request) => {
    socket.on('error', () => {}); // a broken frame, say: ws closes the socket with the code for it
    const pings = keepPinging(socket, keepAlive);
    const messages = new SocketMessages(parse);
    const closed = graphql.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve) => {
            messages.sent(data);
            if (socket.readyState === socket.OPEN) socket.send(data, () => resolve());
            else resolve();
          }),
        close: (code, reason) => socket.close(code, clipped(reason ?? '')),
        onMessage: (receive) =>
          socket.on('message', (message) => {
            const read = messages.read(String(message));
            if (read === undefined) return socket.close(BAD_REQUEST, 'Message too long');
            receive(read as string).catch((error: unknown) => {
              onError(error);
              socket.close(4500, 'Internal server error');
            });
          }),
      },
      { socket, request } as SocketExtra & Partial<E>,
    );
    socket.once('close', (code, reason) => {
      clearInterval(pings);
      Promise.resolve(closed(code, String(reason))).catch(onError);
    });
  });
}

/** As much of a reason as fits, in whole characters. It may have what the client sent in it. */
const clipped = (reason: string): string =>
  reason.slice(0, new TextEncoder().encodeInto(reason, new Uint8Array(LONGEST_REASON)).read);

function keepPinging(socket: WebSocket, interval: number): NodeJS.Timeout {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  return setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, interval).unref();
}
