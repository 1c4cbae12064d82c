import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** What a server answers to one request that is written as it is given, target included. */
export interface RawAnswer {
  readonly status: number;
  /** Head and body. */
  readonly text: string;
}

interface RawRequest {
  readonly method?: string;
  /** The Host header. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Writes a request with this target to a server and reads until the connection ends; no client of HTTP is between that would mend it. */
export async function sendTarget(url: string, target: string, request: RawRequest = {}): Promise<RawAnswer> {
  const { method = 'GET', host, headers = {}, body = '' } = request;
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${host ?? `${hostname}:${port}`}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  let text = '';
  for await (const chunk of socket) text += chunk;
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text };
}

/** A server that nothing of ours should ever ask; it remembers who did. */
export class Canary {
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Canary> {
    const server = createServer((request, response) => {
      canary.asked.push(`${request.method} ${request.url}`);
      response.end('the secret of the internal host');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const canary = new Canary(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return canary;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Targets by which a client may try to lead a server of ours elsewhere, for a path that it serves. Each is to be answered with 400. */
export const targetsThatAreNone = (host: string, path: string): readonly string[] => [
  `//${host}${path}`,
  `///${host}${path}`,
  `/\\${host}${path}`,
  `\\\\${host}${path}`,
  `http:${host}${path}`,
  `http:/${host}${path}`,
  `http://`,
  `http:///${host}${path}`,
  `ftp://${host}${path}`,
  `file://${path}`,
  `javascript:${path}`,
  `@${host}${path}`,
  host,
  '*',
  `/..${path}`,
  `/.${path}`,
  `${path}/..`,
  `${path}/../../..//${host}`,
  `${path}/%2e%2e/x`,
  `${path}/%2E%2e%2fx`,
  `${path}/.%2e/x`,
  `${path}/..;a=b/x`,
  `${path}%2f..%2f..%2fgraphql`,
  `${path}%5c..%5cx`,
  `${path}\\..\\x`,
  `${path}#@${host}/`,
  `http://${host}/..${path}`,
  `http://${host}\\${path}`,
  `http://${host}/%2e%2e${path}`,
];
