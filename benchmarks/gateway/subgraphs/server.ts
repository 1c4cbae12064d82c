import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, graphql, parse } from 'graphql';
import { type Definition, definitions } from './definitions.js';

/**
 * Every subgraph in one process, at /<name>. An answer is computed once and then sent from memory, whatever the visitor
 * is called: what is measured is the gateway. GET /calls tells how many requests came since it was last asked.
 */
const visitors = /visitor-\d+/g;
const cache = new Map<string, Buffer>();
let calls = 0;

const schemaOf = ({ typeDefs, resolvers }: Definition): GraphQLSchema =>
  buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: resolvers as never }]);

const schemas = new Map(Object.entries(definitions).map(([name, definition]) => [name, schemaOf(definition)]));

async function answer(name: string, body: string): Promise<Buffer> {
  const schema = schemas.get(name);
  if (!schema) throw new Error(`No subgraph is called ${name}`);
  const { query: source, variables: variableValues, operationName } = JSON.parse(body);
  return Buffer.from(JSON.stringify(await graphql({ schema, source, variableValues, operationName })));
}

function send(response: ServerResponse, bytes: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const name = request.url?.slice(1) ?? '';
  if (name === 'calls') {
    send(response, Buffer.from(String(calls)));
    calls = 0;
    return;
  }
  calls++;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('latin1').replace(visitors, 'visitor');
    const key = name + body;
    const known = cache.get(key);
    if (known) return send(response, known);
    void answer(name, body).then((bytes) => {
      cache.set(key, bytes);
      send(response, bytes);
    });
  });
}

const server = createServer({ keepAliveTimeout: 60_000 }, serve);
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
});
