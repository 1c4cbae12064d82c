import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One instance of a subgraph that says who it is. */
export class InstanceServer {
  answered = 0;
  failing = false;
  /** Answers that wait to be let go, while `holding`. */
  readonly held: ServerResponse[] = [];
  holding = false;
  private readonly server: Server;

  constructor(readonly name: string) {
    this.server = createServer((request, response) => {
      request.resume().on('end', () => {
        if (this.holding) this.held.push(response);
        else this.answer(response);
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  answer(response: ServerResponse): void {
    this.answered += 1;
    response.writeHead(this.failing ? 503 : 200, { 'content-type': 'application/json' });
    response.end(this.failing ? 'unavailable' : JSON.stringify({ data: { name: this.name } }));
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
