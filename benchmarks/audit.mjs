// What does the audit log cost beside a bare INSERT, how soon can an entry be found and is it signed, and how long does verifying take?
// Through a real Kafka: that of KAFKA_BROKERS, or one of its own (Java 17 and Maven).
// Usage: npm run bench:audit [-- <entries to verify> <entries to measure ingestion with>]
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { audit } from '@platform/audit';
import { EmbeddedPostgres } from '@platform/embedded-postgres';
import { loadConfig, processSections, projectRoot } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { KafkaBus } from '@platform/kafka';
import { migrate } from '@platform/postgres/database';
import pg from 'pg';
import { KafkaBroker } from '../packages/testkit/dist/services/kafka/index.js';

const ENTRIES = Number(process.argv[2] ?? 1_000_000);
const MEASURED = Number(process.argv[3] ?? 300_000);
const BATCH = 1_000;
/** Events and rows in turn: many more than what is under way at a time, so that it is the flow that is measured. */
const TURN = 50 * BATCH;
const people = Array.from({ length: 1_000 }, () => crypto.randomUUID());

const dataDir = await mkdtemp(join(tmpdir(), 'platform-bench-'));
await chmod(dataDir, 0o711); // so that PostgreSQL's own user can enter it
const broker = process.env.KAFKA_BROKERS ? undefined : await KafkaBroker.create();
await broker?.start();
const set = [
  `kafka.brokers=${process.env.KAFKA_BROKERS ?? broker.brokers}`,
  `kafka.topicPrefix=bench-${crypto.randomUUID()}.`,
  `platform.dataDir=${dataDir}`,
  'audit.storeCheckpoints=true',
  'audit.checkpointInterval=1s',
  'logging.level=error',
];
const config = loadConfig({ ...processSections, ...audit.sections }, { environment: 'test', set });
const postgres = new EmbeddedPostgres({ dataDirectory: dataDir });
await postgres.start();
const clients = [];
let log;
let bus;
try {
  const logger = createLogger(config.logging);
  await migrate({
    url: postgres.url,
    roleSecret: config.database.roleSecret,
    schemas: [{ schema: 'audit', entities: [] }],
    logger,
  });
  bus = new KafkaBus({
    config: config.kafka,
    events: config.events,
    clientId: 'bench',
    publishers: [{ name: 'identity' }],
    logger,
    metrics: new Metrics(),
  });
  log = await startLog();
  const admin = await connect(postgres.url);

  const [bare, logged] = await rates(MEASURED, await bareInserts(admin), ingestion(admin));
  const waits = await latencies(admin);
  for (let left = ENTRIES - MEASURED - waits.count; left > 0; left -= BATCH)
    await bus.publish(events(Math.min(left, BATCH)));
  await recorded(admin, ENTRIES);
  const behind = performance.now();
  await covered(admin);
  const caughtUp = (performance.now() - behind) / 1000;

  const verified = await verification(postgres.url);

  console.table({
    'bare INSERT, 1000 rows each (rows/s)': Math.round(bare),
    'audit log, through Kafka (events/s)': Math.round(logged),
    'of the bare rate (%)': Math.round((100 * logged) / bare),
    'found by a query after, p95 (ms)': Math.round(waits.queryable),
    'covered by a checkpoint after, p95 (ms)': Math.round(waits.checkpointed),
    'last checkpoint after the whole load (s)': Number(caughtUp.toFixed(2)),
    'entries verified': verified.entries,
    'verified in (s)': verified.seconds,
    'memory of verifying, at most (MB)': verified.megabytes,
  });
  if (verified.code !== 0) console.log(verified.printed);
} finally {
  await log?.stop();
  await bus?.stop();
  for (const client of clients) await client.end();
  await postgres.stop();
  await broker?.remove();
  await rm(dataDir, { recursive: true });
}
process.exit(0);

/** The audit subgraph's process, with the flag that the platform's launcher starts it with. */
async function startLog() {
  const module = fileURLToPath(new URL('audit-process.mjs', import.meta.url));
  const settings = JSON.stringify({ set, databaseUrl: postgres.url });
  const child = fork(module, [settings], { execArgv: ['--max-semi-space-size=64'] });
  const told = async (paused) => {
    child.send(paused);
    await once(child, 'message');
  };
  await once(child, 'message');
  return {
    pause: () => told(true),
    resume: () => told(false),
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function connect(connectionString) {
  const client = new pg.Client({ connectionString, options: '-c search_path=audit' });
  await client.connect();
  clients.push(client);
  return client;
}

function events(count) {
  return Array.from({ length: count }, () => {
    const userId = people[Math.floor(Math.random() * people.length)];
    return {
      specversion: '1.0',
      id: eventId(),
      source: '/identity',
      type: 'platform.user.logged_in',
      subject: userId,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      dataschema: 'platform.user.logged_in/v1',
      tenantid: config.platform.tenantId,
      resource: 'user',
      outcome: 'SUCCESS',
      actor: userId,
      requestid: crypto.randomUUID(),
      clientip: '203.0.113.7',
      useragent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
      data: { userId, sessionId: crypto.randomUUID() },
    };
  });
}

/** A UUID that grows with time (version 7), as events have it. */
function eventId() {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/** The same columns, a primary key, and nothing else: no order, no hash, no index to search by. */
async function bareInserts(client) {
  await client.query('CREATE TABLE bare (LIKE audit_entry, PRIMARY KEY (id))');
  const { rows } = await client.query(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = 'audit' AND table_name = 'bare' ORDER BY ordinal_position`,
  );
  const values = rows.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
  const insert = `INSERT INTO bare SELECT * FROM unnest(${values})`;
  const insertOnce = async (batch) => {
    const columns = {
      id: batch.map(({ id }) => id),
      sequence: batch.map((_, index) => index),
      actor_id: batch.map(({ actor }) => actor),
      action: batch.map(({ type }) => type),
      resource: batch.map(({ resource }) => resource),
      resource_id: batch.map(({ subject }) => subject),
      outcome: batch.map(({ outcome }) => outcome),
      ip_address: batch.map(({ clientip }) => clientip),
      user_agent: batch.map(({ useragent }) => useragent),
      request_id: batch.map(({ requestid }) => requestid),
      trace_id: batch.map(() => null),
      tenant_id: batch.map(({ tenantid }) => tenantid),
      metadata: batch.map(({ data }) => JSON.stringify(data)),
      sealed: batch.map(() => null),
      occurred_at: batch.map(({ time }) => time),
      recorded_at: batch.map(({ time }) => time),
      leaf_hash: batch.map(({ id }) => id),
    };
    await client.query(
      insert,
      rows.map(({ name }) => columns[name]),
    );
  };
  return (count) => {
    const batches = Array.from({ length: count / BATCH }, () => events(BATCH));
    return async () => {
      for (const batch of batches) await insertOnce(batch);
    };
  };
}

/** What has arrived at the brokers, until all of it is in the log. */
function ingestion(admin) {
  let all = 0;
  return async (count) => {
    all += count;
    const batches = Array.from({ length: count / BATCH }, () => events(BATCH));
    await log.pause();
    await Promise.all(batches.map((batch) => bus.publish(batch)));
    return async () => {
      await log.resume();
      await recorded(admin, all);
    };
  };
}

async function recorded(admin, count) {
  while (Number((await admin.query('SELECT max(sequence) + 1 AS size FROM audit_entry')).rows[0].size) < count)
    await pause(25);
}

/** Rows a second of each, in turns, so that whatever else the machine does slows both. Making the rows is not counted. */
async function rates(count, ...kinds) {
  const seconds = kinds.map(() => 0);
  for (let left = count; left > 0; left -= TURN) {
    for (const [place, prepare] of kinds.entries()) {
      const insert = await prepare(TURN);
      const started = performance.now();
      await insert();
      seconds[place] += (performance.now() - started) / 1000;
    }
  }
  return seconds.map((each) => count / each);
}

/** Single events, one after the other while a batch arrives beside them: how long until each is found, and until it is signed. */
async function latencies(admin) {
  const queryable = [];
  const checkpointed = [];
  let count = 0;
  for (let round = 0; round < 20; round += 1) {
    const [event] = events(1);
    const started = performance.now();
    const load = bus.publish(events(BATCH));
    const published = bus.publish([event]);
    let sequence;
    while (sequence === undefined) {
      const { rows } = await admin.query('SELECT sequence FROM audit_entry WHERE id = $1', [event.id]);
      sequence = rows[0]?.sequence;
    }
    queryable.push(performance.now() - started);
    await Promise.all([load, published]);
    while (!(await admin.query('SELECT 1 FROM checkpoint WHERE tree_size > $1', [sequence])).rowCount) await pause(10);
    checkpointed.push(performance.now() - started);
    count += BATCH + 1;
  }
  return { queryable: p95(queryable), checkpointed: p95(checkpointed), count };
}

async function covered(admin) {
  const behind =
    'SELECT (SELECT max(sequence) + 1 FROM audit_entry) <> (SELECT max(tree_size) FROM checkpoint) AS behind';
  while ((await admin.query(behind)).rows[0].behind) await pause(20);
}

/** `platformctl audit verify` as people run it, and the most memory that it had (Linux). */
async function verification(databaseUrl) {
  const main = join(projectRoot(), 'tools', 'platformctl', 'dist', 'main.js');
  const env = { ...process.env, PLATFORM_ENV: 'test', DATABASE_URL: databaseUrl, PLATFORM_DATA_DIR: dataDir };
  const child = spawn(process.execPath, [main, 'audit', 'verify'], { env });
  let [printed, peak] = ['', 0];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const look = setInterval(() => (peak = peakOf(child.pid) || peak), 100);
  const [code] = await once(child, 'close');
  clearInterval(look);
  const [, entries, seconds] = /^(\d+) entries and \d+ checkpoints read in ([\d.]+) s/.exec(printed) ?? [];
  return { code, printed, entries: Number(entries), seconds: Number(seconds), megabytes: Math.round(peak / 1024) };
}

/** In KB; 0 when it has ended. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function p95(values) {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1];
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
