import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import { bareAnswer, readRequestTarget } from './request-target.js';

interface WebSocketOptions {
  readonly path: string;
  /** A larger message closes its socket with 1009. */
  readonly maxMessageBytes: number;
  /** Whether the request may become a socket, by its Origin for example, or the status that it is refused with, 403 where it is false. Everybody's may when left out. */
  readonly admits?: (request: IncomingMessage) => boolean | 429 | 503;
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
    if (closing) return refuse(socket, 503);
    const target = readRequestTarget(request.url ?? '');
    if (!target) return refuse(socket, 400);
    request.url = target.path;
    if (target.host !== undefined) request.headers.host = target.host;
    if (target.path.split('?')[0] !== path) return refuse(socket, 404);
    const admitted = admits(request);
    if (admitted !== true) return refuse(socket, admitted || 403);
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

function refuse(socket: Duplex, status: number): void {
  socket.end(bareAnswer(status));
}
