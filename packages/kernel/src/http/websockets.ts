import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';

interface WebSocketOptions {
  readonly path: string;
  /** A larger message closes its socket with 1009. */
  readonly maxMessageBytes: number;
  /** Whether the request may become a socket, by its Origin for example; refused with 403. Everybody's may when left out. */
  readonly admits?: (request: IncomingMessage) => boolean;
}

/** How long a client may take to answer that the server goes away, in ms. */
const GOODBYE = 1_000;

/** The sockets of one path. */
export interface WebSockets {
  readonly server: WebSocketServer;
  /** Accepts no more of them and closes those that are open with 1001. */
  close(): Promise<void>;
}

/** Lets clients of one path upgrade to WebSocket; other upgrades are refused. One path per server. */
export function acceptWebSockets(
  app: FastifyInstance,
  { path, maxMessageBytes, admits = () => true }: WebSocketOptions,
): WebSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  let closing = false;
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (closing) return refuse(socket, '503 Service Unavailable');
    if (request.url?.split('?')[0] !== path) return refuse(socket, '404 Not Found');
    if (!admits(request)) return refuse(socket, '403 Forbidden');
    server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
  });
  return {
    server,
    close: async () => {
      closing = true;
      const left = [...server.clients].map(
        (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
      );
      for (const client of server.clients) client.close(1001, 'Going away');
      const cut = setTimeout(() => {
        for (const client of server.clients) client.terminate();
      }, GOODBYE);
      await Promise.all(left);
      clearTimeout(cut);
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
