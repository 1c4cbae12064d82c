import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (body: unknown, headers: IncomingHttpHeaders) => unknown;

/** A JSON service over HTTP for one test: a subgraph, a policy endpoint, a JWKS. */
export class JsonService {
  readonly bodies: unknown[] = [];
  /** The bodies as they came. */
  readonly texts: string[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  /** Headers of every answer, besides its type. */
  answerHeaders: Record<string, string | string[]> = {};
  /** Answers 500 to everything. */
  broken = false;

  private constructor(
    private readonly server: Server,
    private readonly answer: Answer,
  ) {
    server.on('request', (request, response) => void this.serve(request, response));
  }

  static async start(answer: Answer): Promise<JsonService> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new JsonService(server, answer);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body: unknown = text ? JSON.parse(text) : undefined;
    this.bodies.push(body);
    this.texts.push(text);
    this.headers.push(request.headers);
    response.writeHead(this.broken ? 500 : 200, { ...this.answerHeaders, 'content-type': 'application/json' });
    response.end(this.broken ? '' : JSON.stringify(await this.answer(body, request.headers)));
  }
}
