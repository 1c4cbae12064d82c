// Makes a bare checkout runnable: installs what is missing, compiles what is stale, chooses the Node.js to run on.
// Runs on the host's Node.js (20 or newer) with nothing installed, and says nothing when there is nothing to do.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { permissionsFile, UnreadableModule, workspaceFiles } from './module-files.mjs';

const PNPM = 'pnpm@12.21.0';
const MINIMUM_NODE = [22, 15];
const STILL_BUSY_MS = 15_000;

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const own = join(modules, '.platform');
const stamp = join(own, 'installed');

/** The Node.js that everything runs on, once prepare() has returned. */
export const node = join(own, 'node');

const say = (text) => process.stderr.write(`${text}\n`);

class Failure extends Error {}

/** Installs and compiles when needed; exits 1 with the reason when it cannot. Two at once take turns. */
export async function prepare() {
  try {
    if (isCurrent() && !writable(modules)) return;
    mkdirSync(own, { recursive: true });
    await withLock(join(own, 'lock'), say, async () => {
      bringUpToDate(workspaceFiles(root));
      if (!isCurrent()) await install();
      bringUpToDate([permissionsFile(root)]);
      await compile();
    });
  } catch (error) {
    const { code, path, message } = error;
    if (error instanceof Failure || error instanceof UnreadableModule) say(message);
    else if (code === 'EACCES' || code === 'EROFS') say(`Cannot write ${path}: run this as the owner of ${root}.`);
    else say(error.stack);
    process.exit(1);
  }
}

/** Writes what the folders of subgraphs say differently now, so that installing and compiling find it. In CI `generate --check` tells of it instead. */
function bringUpToDate(files) {
  if (process.env.CI) return;
  const stale = files.filter(
    ({ path, content }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== content,
  );
  for (const { path, content } of stale) {
    writeFileSync(join(root, path), content);
    say(`wrote ${path}`);
  }
}

/** What the installed packages depend on. */
function fingerprint() {
  const hash = createHash('sha256').update(`${PNPM} ${process.platform} ${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests(), ...patches()]) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function manifests() {
  const subgraphs = readdirSync(join(root, 'subgraphs')).map((name) => join('subgraphs', name));
  return ['packages', 'subgraphs', 'tools', '.', ...subgraphs]
    .filter((folder) => statSync(join(root, folder)).isDirectory())
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')))
    .filter((file) => !file.includes('node_modules') && existsSync(join(root, file)))
    .sort();
}

function patches() {
  const folder = join(root, 'patches');
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((file) => join('patches', file))
    : [];
}

function isCurrent() {
  return existsSync(stamp) && existsSync(node) && readFileSync(stamp, 'utf8') === fingerprint();
}

/** Whether the lockfile has to follow, because a subgraph came or went. */
function packagesChanged() {
  const [, importers = ''] =
    /^importers:\n(.*?)^packages:/ms.exec(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')) ?? [];
  const locked = [...importers.matchAll(/^ {2}(\S+\/\S+):$/gm)].map(([, folder]) => folder);
  const present = manifests().map((file) => dirname(file));
  return (
    locked.some((folder) => !existsSync(join(root, folder))) ||
    present.some((folder) => folder.includes('/') && !locked.includes(folder))
  );
}

async function install() {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  say(
    existsSync(stamp)
      ? 'Dependencies have changed: installing…'
      : 'Installing dependencies (first run, about a minute)…',
  );
  const busy = setInterval(() => say(`  still installing (${seconds()} s)`), STILL_BUSY_MS);
  rmSync(stamp, { force: true });
  try {
    const { code, output } = await run(
      'npx',
      [
        '--yes',
        PNPM,
        'install',
        ...(!process.env.CI && packagesChanged()
          ? ['--no-frozen-lockfile', '--prefer-offline']
          : ['--frozen-lockfile']),
        '--reporter=append-only',
      ],
      {
        ...process.env,
        // Without these pnpm asks questions, leaves the compiler out, or fails for want of a place for its cache.
        CI: 'true',
        NODE_ENV: 'development',
        ...(writable(homedir()) ? {} : { HOME: mkdtempSync(join(tmpdir(), 'platform-home-')) }),
      },
    );
    if (code !== 0)
      throw new Failure(
        `${lastLines(output, 30)}\n\nThe dependencies could not be installed (pnpm ended with ${code}). Is the package registry reachable?`,
      );
  } finally {
    clearInterval(busy);
  }
  chooseNode();
  writeFileSync(stamp, fingerprint());
  say(`Dependencies installed in ${seconds()} s.`);
}

/** The Node.js from the packages; on a machine that has no such package the host's, when it is new enough. */
function chooseNode() {
  const packaged = join(modules, '.bin', 'node');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const hostWillDo = major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
  if (!existsSync(packaged) && !hostWillDo) {
    throw new Failure(
      `There is no Node.js package for ${process.platform}-${process.arch}, and the Node.js ${process.version} of this machine is older than ${MINIMUM_NODE.join('.')}: install a newer one.`,
    );
  }
  mkdirSync(own, { recursive: true });
  rmSync(node, { force: true });
  symlinkSync(existsSync(packaged) ? join('..', '.bin', 'node') : process.execPath, node);
}

async function compile() {
  const { code, output } = await run(join(modules, '.bin', 'tsc'), ['-b'], process.env);
  if (code !== 0) throw new Failure(`${output}\nThe platform does not compile.`);
}

/** Runs a program to its end and keeps what it says. Signals end the program first, then this process. */
async function run(program, args, env) {
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const interrupt = (signal) => {
    process.kill(-child.pid, 'SIGTERM');
    child.once('close', () => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.once(signal, interrupt);
  try {
    return await new Promise((done, fail) => {
      child.once('error', (error) => fail(new Failure(`${program} cannot be run: ${error.message}`)));
      child.once('close', (code) => done({ code, output }));
    });
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupt);
  }
}

function writable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const lastLines = (text, count) => text.trimEnd().split('\n').slice(-count).join('\n');

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await prepare();
}
