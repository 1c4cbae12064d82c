import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The ways in which a subgraph can misbehave, with the code of the error that must come of each. */
export const misdeeds = {
  failing: 'SUBGRAPH_UNAVAILABLE',
  stalling: 'SUBGRAPH_TIMEOUT',
  'stalling in the middle': 'SUBGRAPH_TIMEOUT',
  'answering garbage': 'SUBGRAPH_INVALID_RESPONSE',
  'answering no GraphQL': 'SUBGRAPH_INVALID_RESPONSE',
  'answering too much': 'SUBGRAPH_INVALID_RESPONSE',
  'closing in the middle': 'SUBGRAPH_UNAVAILABLE',
  'answering too few entities': 'SUBGRAPH_INVALID_RESPONSE',
  'answering too many entities': 'SUBGRAPH_INVALID_RESPONSE',
} as const;

export type Misdeed = keyof typeof misdeeds;

const megabyte = Buffer.alloc(1024 * 1024, 'x');

/** A subgraph over HTTP that misbehaves as the last part of its path says. */
export class UnrulySubgraph {
  private readonly server: Server = createServer((request, response) => {
    request.resume();
    request.on('end', () => misbehave(decodeURIComponent(request.url?.slice(1) ?? '') as Misdeed, request, response));
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  connections(): Promise<number> {
    return new Promise((resolve) => this.server.getConnections((_error, count) => resolve(count)));
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function misbehave(misdeed: Misdeed, request: IncomingMessage, response: ServerResponse): void {
  switch (misdeed) {
    case 'failing':
      request.socket.destroy();
      break;
    case 'stalling':
      break;
    case 'stalling in the middle':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"data":{"_entities":[');
      break;
    case 'answering garbage':
      response.end('<html>It works!</html>');
      break;
    case 'answering no GraphQL':
      response.end('{"hello":"world"}');
      break;
    case 'answering too much':
      flood(response, 200);
      break;
    case 'closing in the middle':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"data":{"_entities":[', () => request.socket.destroy());
      break;
    case 'answering too few entities':
      response.end('{"data":{"_entities":[]}}');
      break;
    case 'answering too many entities':
      response.end(`{"data":{"_entities":[${Array.from({ length: 50 }, () => 'null').join()}]}}`);
      break;
  }
}

/** Sends so many megabytes, as fast as they are taken. */
function flood(response: ServerResponse, megabytes: number): void {
  let left = megabytes;
  const more = () => {
    while (left-- > 0) if (!response.write(megabyte)) return void response.once('drain', more);
    response.end();
  };
  response.once('error', () => {});
  more();
}
