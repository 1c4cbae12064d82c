// Does a new supergraph cost live subscribers an event? So many of them subscribe over WebSocket to 50 topics, of which each
// tells a number 5 times a second; meanwhile the router gets another supergraph, then one in which the subgraph has moved.
// Usage: npm run bench:reload [-- <subscribers>]
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { connect, startRouter } from './many-subscribers.mjs';

const SUBSCRIBERS = Number(process.argv[2] ?? 500);
const TOPICS = 50;
const INTERVAL_MS = 200;
const SUBGRAPH_PORT = 4093;
const ROUTER_PORT = 4092;

/** `<socket> <subscription id>` of the subgraph's streams, each with what tells it a number. */
const streams = new Map();
let told = 0;

const folder = await mkdtemp(join(tmpdir(), 'reload-'));
const file = join(folder, 'supergraph.graphql');
const plain = (await readFile(join(import.meta.dirname, 'idle-subscribers.graphql'), 'utf8'))
  .replace('ticked: Int', 'ticked(topic: Int): Int')
  .replace('127.0.0.1:4091', `127.0.0.1:${SUBGRAPH_PORT}`);
const changed = plain.replace('now: String', 'now: String later: String');
const moved = changed.replace('/graphql"', '/elsewhere"');

await writeFile(file, plain);
const subgraph = await startSubgraph();
const router = await startRouter(file, ROUTER_PORT);
try {
  const subscribers = await Promise.all(Array.from({ length: SUBSCRIBERS }, (_, index) => subscribe(index % TOPICS)));
  await until('every topic is streamed', () => streams.size === TOPICS);
  console.log(`${SUBSCRIBERS} subscribers to ${TOPICS} topics`);

  const rows = {};
  for (const [name, sdl] of [
    ['another field', changed],
    ['the subgraph elsewhere', moved],
  ]) {
    const ticking = setInterval(tell, INTERVAL_MS);
    await everyone(subscribers, 'has a first event', ({ numbers }) => numbers.length > 0);
    const from = told;
    await writeFile(`${file}.new`, sdl);
    await rename(`${file}.new`, file);
    await wait(5_000);
    clearInterval(ticking);
    await everyone(subscribers, 'has the last event', ({ numbers }) => numbers.at(-1) === told);
    rows[name] = countOf(subscribers, from);
  }
  console.table(rows);
} finally {
  router.kill();
  subgraph.close();
  await rm(folder, { recursive: true });
}
process.exit(0);

/** What went wrong with the numbers after `from`, of all subscribers. */
function countOf(subscribers, from) {
  let [events, lost, doubled, ended] = [0, 0, 0, 0];
  for (const subscriber of subscribers) {
    const numbers = subscriber.numbers.filter((number) => number > from);
    const different = new Set(numbers);
    events += numbers.length;
    doubled += numbers.length - different.size;
    lost += Math.max(from, ...numbers) - from - different.size;
    if (subscriber.ended) ended += 1;
  }
  return { subscribers: subscribers.length, 'streams of the subgraph': streams.size, events, lost, doubled, ended };
}

function tell() {
  told += 1;
  for (const send of streams.values()) send(told);
}

async function startSubgraph() {
  const server = createServer((_request, response) => response.end('{"data":{"__typename":"Query"}}'));
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' });
  let opened = 0;
  sockets.on('connection', (socket) => {
    const name = ++opened;
    const send = (message) => socket.send(JSON.stringify(message));
    socket.on('message', (message) => {
      const { type, id } = JSON.parse(String(message));
      if (type === 'connection_init') send({ type: 'connection_ack' });
      if (type === 'ping') send({ type: 'pong' });
      if (type === 'complete') streams.delete(`${name} ${id}`);
      if (type !== 'subscribe') return;
      streams.set(`${name} ${id}`, (ticked) => send({ type: 'next', id, payload: { data: { ticked } } }));
    });
    socket.on('close', () => {
      for (const key of streams.keys()) if (key.startsWith(`${name} `)) streams.delete(key);
    });
  });
  server.listen(SUBGRAPH_PORT, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function subscribe(topic) {
  const client = await connect(ROUTER_PORT);
  const subscriber = { numbers: [], ended: false };
  const end = () => {
    subscriber.ended = true;
  };
  client.subscribe(
    { query: 'subscription ($topic: Int) { ticked(topic: $topic) }', variables: { topic } },
    { next: ({ data }) => subscriber.numbers.push(data.ticked), error: end, complete: end },
  );
  return subscriber;
}

function everyone(subscribers, what, holds) {
  return until(`everyone ${what}`, () => subscribers.every((subscriber) => subscriber.ended || holds(subscriber)));
}

async function until(what, holds) {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Not after a minute: ${what}`);
    await wait(20);
  }
}
