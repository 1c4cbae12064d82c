// `npm run dev`: the whole platform, started again whenever a source is saved. PostgreSQL goes on meanwhile. What was saved runs
// at once, and is compiled with everything that depends on it afterwards. Arguments go to `platformctl dev`.
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { node, prepare, root } from './prepare.mjs';
import { swcOptions } from './swc-options.mjs';

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
/** What starts has the processor for itself first. */
const BEFORE_TYPES_MS = 3_000;
/** More files are another state of the repository, which is compiled before it runs. */
const SAVED_AT_ONCE = 20;

await prepare();
const { transformFile } = await import('@swc/core');
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
let savedAt = null;
const saved = new Set();
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

/** Compiles everything, and says what is wrong. */
function compile() {
  const compiler = spawn(join(root, 'node_modules/.bin/tsc'), ['-b', '--pretty'], { cwd: root, stdio: 'inherit' });
  return new Promise((done) => compiler.once('close', (code) => done(code === 0)));
}

/** Writes the JavaScript of one source, whatever its types say. */
async function transpile(source) {
  const target = source.replace(/\/src\//, '/dist/').replace(/\.ts$/, '.js');
  try {
    const { code, map } = await transformFile(source, { ...swcOptions, swcrc: false, configFile: false });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
    writeFileSync(`${target}.map`, map);
  } catch (error) {
    if (error.code !== 'ENOENT' && !/No such file/.test(error.message)) throw error;
    rmSync(target, { force: true });
  }
}

async function runnable(sources) {
  if (sources.length > SAVED_AT_ONCE) return compile();
  try {
    await Promise.all(sources.map(transpile));
    return true;
  } catch (error) {
    say(error.message);
    return false;
  }
}

/** One change after the other; what is saved meanwhile is the next. */
async function follow() {
  for (;;) {
    while (savedAt === null) await new Promise((done) => (wake = done));
    await delay(SETTLE_MS);
    const since = savedAt;
    const sources = [...saved].filter((path) => path.endsWith('.ts'));
    savedAt = null;
    saved.clear();
    if (!(await runnable(sources))) {
      say('Not compiled: what ran before goes on.');
      continue;
    }
    await end('SIGKILL'); // it has nothing to finish that PostgreSQL does not finish
    start();
    say(`Started again ${Date.now() - since} ms after the change.`);
    await Promise.race([delay(BEFORE_TYPES_MS), new Promise((done) => (wake = done))]);
    if (savedAt === null && !(await compile())) say('Some types are wrong; what was saved runs all the same.');
  }
}

let wake = () => {};
for (const folder of globSync(SOURCES, { cwd: root })) {
  watch(join(root, folder), { recursive: true }, (_, file) => {
    savedAt ??= Date.now();
    saved.add(join(root, folder, file));
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
