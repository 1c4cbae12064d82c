// `npm run dev`: the whole platform, compiled and started again whenever a source is saved. PostgreSQL goes on meanwhile.
// Arguments go to `platformctl dev`.
import { spawn } from 'node:child_process';
import { globSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { node, prepare, root } from './prepare.mjs';

/** What is watched: sources, and what is read at the start. */
const SOURCES = [
  'packages/*/src',
  'subgraphs/*/src',
  'subgraphs/*/contracts/src',
  'router/src',
  'tools/*/src',
  'config',
];
/** An editor saves in several steps. */
const SETTLE_MS = 50;

await prepare();
const { EmbeddedPostgres } = await import(join(root, 'packages/embedded-postgres/dist/index.js'));
const { loadConfig, processSections } = await import(join(root, 'packages/foundation/dist/config/index.js'));

const say = (text) => process.stderr.write(`${text}\n`);
const { database, platform } = loadConfig(processSections);
const postgres =
  database.url === null ? new EmbeddedPostgres({ dataDirectory: platform.dataDir, onNotice: say }) : null;
await postgres?.start();
const env = {
  ...process.env,
  DATABASE_URL: postgres?.url ?? database.url,
  NODE_COMPILE_CACHE: join(root, 'node_modules/.platform/compile-cache'),
};

let running;
let changedAt = null;
let stopping = false;

function start() {
  const program = join(root, 'tools/platformctl/dist/main.js');
  const args = ['--enable-source-maps', program, 'dev', ...process.argv.slice(2)];
  running = spawn(node, args, { cwd: root, env, stdio: 'inherit' });
}

async function end(signal) {
  const { exitCode, signalCode } = running;
  if (exitCode !== null || signalCode !== null) return;
  const ended = new Promise((done) => running.once('close', done));
  running.kill(signal);
  await ended;
}

function compile() {
  const compiler = spawn(join(root, 'node_modules/.bin/tsc'), ['-b', '--pretty'], { cwd: root, stdio: 'inherit' });
  return new Promise((done) => compiler.once('close', (code) => done(code === 0)));
}

/** One change after the other; what is saved meanwhile is the next. */
async function follow() {
  for (;;) {
    while (changedAt === null) await new Promise((done) => (wake = done));
    await delay(SETTLE_MS);
    const since = changedAt;
    changedAt = null;
    if (!(await compile())) {
      say('Not compiled: what ran before goes on.');
      continue;
    }
    await end('SIGKILL'); // it has nothing to finish that PostgreSQL does not finish
    start();
    say(`Compiled and started again ${Date.now() - since} ms after the change.`);
  }
}

let wake = () => {};
for (const folder of globSync(SOURCES, { cwd: root })) {
  watch(join(root, folder), { recursive: true }, () => {
    changedAt ??= Date.now();
    wake();
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    await end('SIGTERM');
    await postgres?.stop();
    process.exit(0);
  });
}

start();
await follow();
