import type { IncomingMessage } from 'node:http';
import { type ConnectionInitMessage, handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import type { WebSocket, WebSocketServer } from 'ws';

/** What a socket's operations are told of it. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

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
  const graphql = makeServer(protocol);
  server.options.handleProtocols = handleProtocols;
  server.on('connection', (socket, request) => {
    socket.on('error', () => {}); // a broken frame, say: ws closes the socket with the code for it
    const pings = keepPinging(socket, keepAlive);
    const closed = graphql.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve) => {
            if (socket.readyState === socket.OPEN) socket.send(data, () => resolve());
            else resolve();
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', (message) => {
            receive(String(message)).catch((error: unknown) => {
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
