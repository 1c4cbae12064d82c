// What do idle subscribers cost one router process? Opens so many of them over WebSocket and prints the process's resident memory.
// Usage: npm run bench:idle-subscribers [-- <subscribers>]
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { connect, startRouter } from './many-subscribers.mjs';

const SUBSCRIBERS = Number(process.argv[2] ?? 2_000);
const SUPERGRAPH = join(import.meta.dirname, 'idle-subscribers.graphql');
const SUBGRAPH_PORT = 4091;
const ROUTER_PORT = 4090;

const subgraph = await startSubgraph();
const router = await startRouter(SUPERGRAPH, ROUTER_PORT);
try {
  const before = await residentMemory();
  const opening = performance.now();
  const clients = [];
  for (let opened = 0; opened < SUBSCRIBERS; opened += 100) {
    clients.push(...(await Promise.all(Array.from({ length: Math.min(100, SUBSCRIBERS - opened) }, open))));
  }
  const seconds = (performance.now() - opening) / 1000;
  await subscribers(SUBSCRIBERS);
  const after = await residentMemory();
  console.table({
    'idle subscribers': SUBSCRIBERS,
    'opened in (s)': Number(seconds.toFixed(1)),
    'RSS before (MB)': megabytes(before),
    'RSS after (MB)': megabytes(after),
    'per subscriber (KB)': Number(((after - before) / SUBSCRIBERS / 1024).toFixed(1)),
    'streams of the subgraph': await metric('router_subgraph_subscriptions'),
  });
  await Promise.all(clients.map((client) => client.dispose()));
  await subscribers(0);
} finally {
  router.kill();
  subgraph.close();
}
process.exit(0);

/** A subgraph whose one subscription stays silent. */
async function startSubgraph() {
  const server = createServer((_request, response) => response.end('{"data":{"__typename":"Query"}}'));
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' });
  sockets.on('connection', (socket) => {
    socket.on('message', (message) => {
      const { type } = JSON.parse(String(message));
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type === 'ping') socket.send('{"type":"pong"}');
    });
  });
  server.listen(SUBGRAPH_PORT, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function open() {
  const client = await connect(ROUTER_PORT);
  client.subscribe({ query: 'subscription { ticked }' }, { next() {}, error: console.error, complete() {} });
  return client;
}

async function metric(name) {
  const text = await (await fetch(`http://127.0.0.1:${ROUTER_PORT}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1));
}

function residentMemory() {
  return metric('process_resident_memory_bytes');
}

function megabytes(bytes) {
  return Number((bytes / 1024 / 1024).toFixed(1));
}

async function subscribers(count) {
  const deadline = Date.now() + 30_000;
  while ((await metric('router_client_subscriptions')) !== count) {
    if (Date.now() > deadline) throw new Error(`Not ${count} subscribers after 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
