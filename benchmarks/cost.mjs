// What does one request cost beside the least that it could? The same requests to a bare server (cost/floor.mjs), to the platform in one
// process, with one organization and with several, and to it as a process per subgraph with Redis, in turns: processor time of all processes
// but the database.
// Usage: npm run bench:cost [-- <requests per round> <rounds>]; the last part needs redis-server. Linux only (/proc).
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EmbeddedPostgres } from '@platform/embedded-postgres';
import argon2 from 'argon2';
import { Pool } from 'undici';
import { PlatformProcess } from '../packages/testkit/dist/processes/platform-process.js';
import { freePort } from '../packages/testkit/dist/services/free-port.js';
import { startRedis } from '../packages/testkit/dist/services/redis.js';
import { ADMIN, kinds, seed } from './cost/data.mjs';

const REQUESTS = Number(process.argv[2] ?? 200);
const ROUNDS = Number(process.argv[3] ?? 5);
const AT_A_TIME = 4;
/** Logins and those that ask while others sign in. */
const LOGIN_SECONDS = 5;
const IDLE_SECONDS = 10;
const SUBGRAPHS = ['identity', 'authz', 'audit', 'blog'];

const median = (figures) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
const rounded = (figure) => Number(figure.toFixed(2));

const stops = [];
try {
  const redis = await startRedis();
  if (redis) stops.push(() => redis.stop());
  const { url, contender: embedded } = await startEmbedded('embedded');
  const floor = await startFloor(url);
  const { contender: multi } = await startEmbedded('embedded, multi', { TENANCY_MODE: 'multi' });
  const contenders = [floor, embedded, multi, ...(redis ? [await startApart(redis.url)] : [])];
  if (!redis) console.log('Without redis-server the platform is not measured as processes of its own.');
  await costs(contenders);
  await logins(contenders);
  await atRest(contenders);
} finally {
  for (const stop of stops.reverse()) await stop();
}
process.exit(0);

async function startPostgres() {
  const directory = await mkdtemp(join(tmpdir(), 'platform-cost-'));
  await chmod(directory, 0o711); // so that PostgreSQL's own user can enter it
  stops.push(() => rm(directory, { recursive: true, force: true }));
  const postgres = new EmbeddedPostgres({ dataDirectory: directory });
  await postgres.start();
  stops.push(() => postgres.stop());
  return {
    url: postgres.url,
    env: {
      PLATFORM_ENV: 'test',
      PLATFORM_DATA_DIR: directory,
      DATABASE_URL: postgres.url,
      SEED_ADMIN_EMAIL: ADMIN.email,
      SEED_ADMIN_PASSWORD: ADMIN.password,
      LOGGING_LEVEL: 'info',
      // Tests look for work more often than any other environment, and would have an idle platform cost what it costs nobody.
      EVENTS_POLL_INTERVAL: '500ms',
      AUDIT_CHECKPOINT_INTERVAL: '1s',
      MAIL_RETRY_DELAY: '5s',
    },
  };
}

async function started(args, env) {
  const process = PlatformProcess.start(args, env);
  stops.push(() => process.end());
  await process.prints(/Listening on/, 120_000);
  return process;
}

/** The platform in one process, on a PostgreSQL of its own. */
async function startEmbedded(name, settings = {}) {
  const { url, env } = await startPostgres();
  const port = await freePort();
  const platform = await started(['dev'], { ...env, ...settings, SERVER_PORT: String(port) });
  await platform.prints(/is ready/, 120_000);
  await seed(url);
  return { url, contender: await contender(name, port, [platform.pid]) };
}

/** On the same PostgreSQL, url, as the platform that it is compared with. */
async function startFloor(url) {
  const program = fileURLToPath(new URL('cost/floor.mjs', import.meta.url));
  const floor = PlatformProcess.script(program, {}, [url, await argon2.hash(ADMIN.password)]);
  stops.push(() => floor.end());
  const [, floorPort] = await floor.prints(/Listening on (\d+)/);
  return {
    name: 'floor',
    pids: [floor.pid],
    pool: poolOf(floorPort),
    path: (kind) => kind.path,
    headers: {},
    atReady: await memory([floor.pid]),
  };
}

async function startApart(redisUrl) {
  const { url, env: own } = await startPostgres();
  const ports = {};
  for (const name of [...SUBGRAPHS, 'router']) ports[name] = await freePort();
  const urls = Object.fromEntries(SUBGRAPHS.map((name) => [name, `http://127.0.0.1:${ports[name]}/graphql`]));
  const env = { ...own, REDIS_URL: redisUrl, DISCOVERY_ROUTING_URLS: JSON.stringify(urls) };
  const { code, printed } = await PlatformProcess.run(['seed'], env);
  if (code !== 0) throw new Error(printed);
  const processes = [];
  for (const name of [...SUBGRAPHS, 'router'])
    processes.push(await started(['start', name], { ...env, SERVER_PORT: String(ports[name]) }));
  await seed(url);
  return contender(
    'apart',
    ports.router,
    processes.map(({ pid }) => pid),
  );
}

async function contender(name, port, pids) {
  const made = { name, pids, pool: poolOf(port), path: () => '/graphql', headers: {}, atReady: await memory(pids) };
  const { login } = await send(made, kinds.login);
  return { ...made, headers: { authorization: `Bearer ${login.accessToken}` } };
}

function poolOf(port) {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16 });
  stops.push(() => pool.destroy());
  return pool;
}

async function send({ pool, path, headers }, kind) {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: path(kind),
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(kind.body()),
  });
  const text = await body.text();
  const { data, errors } = JSON.parse(text);
  if (statusCode !== 200 || errors || !data) throw new Error(`${statusCode} ${text.slice(0, 500)}`);
  return data;
}

async function cpu(pids) {
  const times = await Promise.all(
    pids.map(async (pid) => {
      const [, fields] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ');
      const [user, system] = fields.split(' ').slice(11, 13).map(Number);
      return (user + system) * 10;
    }),
  );
  return times.reduce((sum, time) => sum + time, 0);
}

/** Milliseconds of processor time for each request. */
async function burst(one, kind, requests) {
  const before = await cpu(one.pids);
  let left = requests;
  const client = async () => {
    while (left-- > 0) await send(one, kind);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, client));
  // What a request leaves to be done counts as well: its event becomes an entry of the audit log.
  if (kind === kinds.createPost) await wait(1_500);
  return ((await cpu(one.pids)) - before) / requests;
}

async function costs(contenders) {
  const rows = {};
  for (const name of ['feed', 'createPost', 'me']) {
    for (const one of contenders) await burst(one, kinds[name], REQUESTS);
    const figures = new Map(contenders.map((one) => [one, []]));
    for (let round = 0; round < ROUNDS; round += 1)
      for (const one of contenders) figures.get(one).push(await burst(one, kinds[name], REQUESTS));
    const medians = Object.fromEntries(contenders.map((one) => [one.name, median(figures.get(one))]));
    rows[name] = Object.fromEntries(
      Object.entries(medians).flatMap(([who, ms]) => [
        [who, rounded(ms)],
        ...(who === 'floor' ? [] : [[`${who} × floor`, rounded(ms / medians.floor)]]),
      ]),
    );
  }
  console.log('\nProcessor time of one request (ms):');
  console.table(rows);
}

/** How many sign in within a second, and what that does to somebody who asks who they are. */
async function logins(contenders) {
  const rows = {};
  for (const one of contenders) {
    const alone = await asking(one, LOGIN_SECONDS);
    const until = performance.now() + LOGIN_SECONDS * 1_000;
    let count = 0;
    const signing = Array.from({ length: AT_A_TIME }, async () => {
      while (performance.now() < until) {
        await send(one, kinds.login);
        count += 1;
      }
    });
    const beside = await asking(one, LOGIN_SECONDS);
    await Promise.all(signing);
    rows[one.name] = {
      'logins/s': rounded(count / LOGIN_SECONDS),
      'me p99 alone (ms)': rounded(alone),
      'me p99 beside logins (ms)': rounded(beside),
      ratio: rounded(beside / alone),
    };
  }
  for (const row of Object.values(rows)) row['of the floor'] = rounded(row['logins/s'] / rows.floor['logins/s']);
  console.log(`\n${AT_A_TIME} sign in at a time, beside one who asks for \`me\`:`);
  console.table(rows);
}

async function asking(one, seconds) {
  const times = [];
  for (const until = performance.now() + seconds * 1_000; performance.now() < until; ) {
    const begun = performance.now();
    await send(one, kinds.me);
    times.push(performance.now() - begun);
    await wait(5);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)];
}

/** Of each process, resident. */
async function memory(pids) {
  const statuses = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8')));
  return statuses.map((status) => Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024)).join(', ');
}

async function atRest(contenders) {
  await wait(5_000);
  const rows = {};
  for (const { name, pids, atReady } of contenders) {
    const before = await cpu(pids);
    await wait(IDLE_SECONDS * 1_000);
    rows[name] = {
      'processor time (ms/s)': rounded(((await cpu(pids)) - before) / IDLE_SECONDS),
      'memory when ready (MB)': atReady,
      'memory now (MB)': await memory(pids),
    };
  }
  console.log('\nAt rest, after all of this:');
  console.table(rows);
}
