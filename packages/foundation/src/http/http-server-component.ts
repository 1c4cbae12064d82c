import cluster from 'node:cluster';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Admission } from '../admission/index.js';
import type { ServerConfig } from '../config/index.js';
import { OperatorError } from '../errors/index.js';
import type { LifecycleComponent } from '../lifecycle/index.js';
import type { Logger } from '../logging/index.js';
import type { ClientAddress } from './client-address.js';
import { localUrl } from './local-url.js';

/** How long a request may be on its way on a connection that is new when the server stops, in ms. */
const LAST_REQUEST = 500;

/** Another process listens where this one should. */
export class PortInUse extends OperatorError {
  constructor(host: string, port: number, options: ErrorOptions) {
    super(`Port ${port} of ${host} is in use. Choose another with SERVER_PORT.`, options);
  }
}

/** Adds what a part of the process answers to the app of its server. */
export type HttpRoutes = (app: FastifyInstance) => void;

/** An HTTP server as a part of a process. Routes and plugins are added to `app` before it starts. */
export class HttpServerComponent implements LifecycleComponent {
  private closing = false;
  /** Connections that have not asked for anything yet, as browsers and pools open them in advance. */
  private readonly unused = new Set<Socket>();

  constructor(
    readonly name: string,
    readonly app: FastifyInstance,
    private readonly config: ServerConfig,
    private readonly port: number,
    private readonly logger: Logger,
    /** Whose a request is, told by its connection and the proxies that are trusted. */
    readonly clientIp: ClientAddress,
    /** Which operations may begin. Whatever serves them asks it; what operators ask is always answered. */
    readonly admission: Admission,
  ) {
    const used = ({ socket }: IncomingMessage) => this.unused.delete(socket);
    app.server.on('request', used).on('upgrade', used);
    app.server.on('connection', (socket) => {
      this.unused.add(socket);
      socket.once('close', () => this.unused.delete(socket));
    });
    app.addHook('onSend', async (_request, reply) => {
      if (this.closing) reply.header('connection', 'close');
    });
  }

  /** @throws PortInUse */
  async start(): Promise<void> {
    const { host } = this.config;
    await this.app.listen({ host, port: this.port }).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === 'EADDRINUSE' ? new PortInUse(host, this.port, { cause }) : cause;
    });
    // Of a pool's workers, each listens at another time: the pool says when all of them do.
    const message = cluster.isWorker ? 'worker listening' : `Listening on ${this.url}`;
    this.logger.info({ component: this.name, pid: process.pid }, message);
  }

  /** Accepts nothing new, lets open requests finish, and cuts what is still open when only a fifth of `shutdownTimeout` is left for the parts behind it. */
  async stop(): Promise<void> {
    this.closing = true;
    const cutUnused = setTimeout(() => {
      for (const socket of this.unused) socket.destroy();
    }, LAST_REQUEST);
    const cut = setTimeout(() => this.app.server.closeAllConnections(), this.config.shutdownTimeout * 0.8);
    await this.app.close();
    clearTimeout(cut);
    clearTimeout(cutUnused);
  }

  get address(): AddressInfo {
    const address = this.app.server.address();
    if (!address || typeof address === 'string') throw new Error(`${this.name} is not listening`);
    return address;
  }

  /** Where a client on this machine reaches the server. */
  get url(): string {
    return localUrl(this.address);
  }
}
