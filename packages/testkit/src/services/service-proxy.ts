import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a service that can be cut, blocked and opened again. */
export class ServiceProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private state: 'open' | 'cut' | 'blocked' = 'open';

  constructor(
    private target: URL,
    /** What becomes of what the service says. */
    private readonly alter = (said: Buffer): Buffer => said,
  ) {
    this.server = createServer((client) => this.forward(client));
  }

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** The service is elsewhere from now on. */
  lead(target: URL): void {
    this.target = target;
  }

  /** Ends every connection and refuses new ones: the service has crashed. */
  cut(): void {
    this.state = 'cut';
    for (const socket of this.sockets) socket.destroy();
  }

  /** Keeps connections and answers nothing: the service hangs. */
  block(): void {
    this.state = 'blocked';
    for (const socket of this.sockets) socket.pause();
  }

  open(): void {
    this.state = 'open';
    for (const socket of this.sockets) socket.resume();
  }

  stop(): void {
    this.cut();
    this.server.close();
  }

  private forward(client: Socket): void {
    if (this.state === 'cut') {
      client.destroy();
      return;
    }
    const service = connect(Number(this.target.port), this.target.hostname);
    client.on('data', (chunk) => service.write(chunk));
    service.on('data', (chunk) => client.write(this.alter(chunk)));
    for (const [from, to] of [
      [client, service],
      [service, client],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.state === 'blocked') from.pause();
    }
  }
}
