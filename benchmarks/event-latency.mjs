// How long from a commit to a subscriber? Publishes posts at a steady rate through the router, on a real Kafka, PostgreSQL and Redis with
// one process per subgraph, and measures when `postPublished` comes over WebSocket. Counted from the time that the post's own transaction
// stamped on it, so the commit itself is in the figure.
// Usage: npm run bench:event-latency [-- <events per second> <seconds>]; needs Java 17, Maven and redis-server. PROFILE=<folder> keeps a
// CPU profile of every process of the platform there.
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EmbeddedPostgres } from '@platform/embedded-postgres';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { GraphQLClient } from '../packages/testkit/dist/processes/graphql-client.js';
import { PlatformProcess } from '../packages/testkit/dist/processes/platform-process.js';
import { freePort } from '../packages/testkit/dist/services/free-port.js';
import { KafkaBroker, kafkaVersion } from '../packages/testkit/dist/services/kafka/index.js';
import { startRedis } from '../packages/testkit/dist/services/redis.js';
import { processorTimes } from './processor-time.mjs';

const RATE = Number(process.argv[2] ?? 200);
const SECONDS = Number(process.argv[3] ?? 15);
const BATCH = 4;
/** Every process compiles what it runs often; the broker takes longest. */
const WARM_UP_SECONDS = 8;
const SUBGRAPHS = ['identity', 'authz', 'audit', 'blog'];
const ADMIN = { email: 'admin@example.com', password: 'correct horse battery staple' };
const PATIENCE_MS = 30_000;

const directory = await mkdtemp(join(tmpdir(), 'platform-benchmark-'));
await chmod(directory, 0o711); // so that PostgreSQL's own user can enter it
const stops = [() => rm(directory, { recursive: true, force: true })];
try {
  const url = await startPlatform();
  const client = await signedIn(url);
  await measure(url, client, RATE, WARM_UP_SECONDS);
  report(await measure(url, client, RATE, SECONDS));
} finally {
  for (const stop of stops.reverse()) await stop();
}
process.exit(0);

async function startPlatform() {
  const redis = await startRedis();
  if (!redis) throw new Error('redis-server is missing');
  stops.push(() => redis.stop());
  const broker = await KafkaBroker.create();
  stops.push(() => broker.remove());
  await broker.start();
  const postgres = new EmbeddedPostgres({ dataDirectory: directory });
  stops.push(() => postgres.stop());
  await postgres.start();
  const ports = {};
  for (const name of [...SUBGRAPHS, 'router']) ports[name] = await freePort();
  const env = {
    PLATFORM_ENV: 'test',
    PLATFORM_DATA_DIR: directory,
    DATABASE_URL: postgres.url,
    DATABASE_POOL_MAX: '25',
    REDIS_URL: redis.url,
    KAFKA_BROKERS: broker.brokers,
    // As config/default.yaml has them, where tests are in more of a hurry.
    DATABASE_POOL_MIN: '5',
    EVENTS_POLL_INTERVAL: '500ms',
    KAFKA_FETCH_MAX_WAIT: '500ms',
    KAFKA_LAG_INTERVAL: '10s',
    KAFKA_SESSION_TIMEOUT: '10s',
    MAIL_RETRY_DELAY: '5s',
    AUDIT_CHECKPOINT_INTERVAL: '1s',
    ROUTER_SUBSCRIPTIONS_BUFFER: '10000',
    ROUTER_SUBGRAPH_TIMEOUT: '60s',
    SEED_ADMIN_EMAIL: ADMIN.email,
    SEED_ADMIN_PASSWORD: ADMIN.password,
    LOGGING_LEVEL: 'info',
    ...(process.env.PROFILE && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.env.PROFILE}` }),
    DISCOVERY_ROUTING_URLS: JSON.stringify(
      Object.fromEntries(SUBGRAPHS.map((name) => [name, `http://127.0.0.1:${ports[name]}/graphql`])),
    ),
  };
  const seed = await PlatformProcess.run(['seed'], env);
  if (seed.code !== 0) throw new Error(seed.printed);
  for (const name of [...SUBGRAPHS, 'router']) {
    const started = PlatformProcess.start(['start', name], { ...env, SERVER_PORT: String(ports[name]) });
    stops.push(() => started.end(process.env.PROFILE ? 'SIGTERM' : 'SIGKILL'));
    await started.prints(/Listening on/, 120_000);
  }
  return `http://127.0.0.1:${ports.router}/graphql`;
}

async function signedIn(url) {
  const { login } = await new GraphQLClient(url).data(
    'mutation ($input: LoginInput!) { login(input: $input) { ... on AuthPayload { accessToken } } }',
    { input: ADMIN },
  );
  return new GraphQLClient(url).withToken(login.accessToken);
}

/** Publishes drafts of its own at `rate` for `seconds`, in requests of a few, and answers the milliseconds until each was heard. */
async function measure(url, client, rate, seconds) {
  const drafts = await createDrafts(client, rate * seconds);
  const latencies = new Map();
  const socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
  const query = 'subscription { postPublished { id publishedAt } }';
  const next = ({ data, errors }) => {
    if (!data?.postPublished) throw new Error(`The stream ended: ${JSON.stringify(errors)}`);
    const { id, publishedAt } = data.postPublished;
    latencies.set(id, Date.now() - Date.parse(publishedAt));
  };
  await new Promise((resolve) => {
    socket.on('connected', resolve);
    socket.subscribe({ query }, { next, error: console.error, complete: () => {} });
  });
  await wait(2_000);

  const before = processorTimes(program);
  const begun = performance.now();
  const requests = [];
  for (let sent = 0; sent < drafts.length; sent += BATCH) {
    await wait(Math.max(0, begun + (sent / rate) * 1_000 - performance.now()));
    const ids = Object.fromEntries(drafts.slice(sent, sent + BATCH).map((id, index) => [`p${index}`, id]));
    requests.push(client.data(publish(Object.keys(ids)), ids));
  }
  await Promise.all(requests);
  const took = (performance.now() - begun) / 1_000;
  for (const until = Date.now() + PATIENCE_MS; latencies.size < drafts.length && Date.now() < until; ) await wait(50);
  const after = processorTimes(program);
  await socket.dispose();
  return {
    sent: drafts.length,
    rate: drafts.length / took,
    latencies: [...latencies.values()].sort((a, b) => a - b),
    cpu: Object.fromEntries(
      Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / drafts.length]),
    ),
  };
}

/** Whose processor time a process's is. */
function program(commandLine) {
  if (/main\.js start (\w+)/.test(commandLine)) return RegExp.$1;
  return /postgres|redis|kafka/.exec(commandLine)?.[0];
}

/** The same text for the same number of posts, so that the router plans it once. */
function publish(names) {
  const variables = names.map((name) => `$${name}: ID!`).join(', ');
  return `mutation (${variables}) { ${names.map((name) => `${name}: publishPost(id: $${name}) { id }`).join(' ')} }`;
}

async function createDrafts(client, count) {
  const names = Array.from({ length: 10 }, (_, index) => `p${index}`);
  const fields = names.map((name) => `${name}: createPost(input: $${name}) { id }`);
  const query = `mutation (${names.map((name) => `$${name}: CreatePostInput!`).join(', ')}) { ${fields.join(' ')} }`;
  const drafts = [];
  while (drafts.length < count) {
    const inputs = names.map((name) => [name, { title: `Live ${randomUUID()}`, content: 'x' }]);
    const data = await client.data(query, Object.fromEntries(inputs));
    drafts.push(...Object.values(data).map(({ id }) => id));
  }
  return drafts.slice(0, count);
}

function report({ sent, rate, latencies, cpu }) {
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  console.table({
    Kafka: kafkaVersion(),
    'events sent': sent,
    'events heard': latencies.length,
    'events/s asked for': RATE,
    'events/s reached': Number(rate.toFixed(1)),
    'p50 (ms)': at(0.5),
    'p95 (ms)': at(0.95),
    'p99 (ms)': at(0.99),
    'slowest (ms)': latencies.at(-1),
  });
  const total = Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
  console.log('Processor time per event (ms):');
  console.table(
    Object.fromEntries(Object.entries({ ...cpu, total }).map(([name, ms]) => [name, Number(ms.toFixed(2))])),
  );
}
