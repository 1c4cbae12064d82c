import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Speaks as much of Consul's health API as is used of it, blocking queries included. It is no Consul: nothing here was tried against one. */
export class ConsulStandIn {
  /** What was asked, newest last. */
  readonly questions: { readonly url: URL; readonly token: unknown }[] = [];
  private readonly waiting = new Set<ServerResponse>();
  private instances: { address: string; port: number }[] = [];
  private index = 1;
  private away = false;
  private readonly server: Server = createServer((request, response) => this.hear(request, response));

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on these instances are healthy: whoever waits hears of it. */
  tell(instances: { address: string; port: number }[]): void {
    this.instances = instances;
    this.index += 1;
    for (const response of this.waiting) this.answer(response);
    this.waiting.clear();
  }

  goAway(): void {
    this.away = true;
    for (const response of this.waiting) response.destroy();
    this.waiting.clear();
  }

  comeBack(): void {
    this.away = false;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private hear({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const asked = new URL(url, 'http://consul');
    this.questions.push({ url: asked, token: headers['x-consul-token'] });
    if (this.away) response.writeHead(500).end('No cluster leader');
    else if (Number(asked.searchParams.get('index')) >= this.index) this.waiting.add(response);
    else this.answer(response);
  }

  private answer(response: ServerResponse): void {
    const found = this.instances.map(({ address, port }) => ({
      Node: { Address: '192.0.2.1' },
      Service: { Address: address, Port: port },
    }));
    response.writeHead(200, { 'content-type': 'application/json', 'x-consul-index': String(this.index) });
    response.end(JSON.stringify(found));
  }
}
