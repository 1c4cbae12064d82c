import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '@platform/foundation/config';
import { buildContext } from './docker-ignore.js';
import { type Instruction, readDockerfile } from './dockerfile.js';

const run = promisify(execFile);

/** Somebody who owns nothing on this machine. */
const NOBODY = 65_534;
const BUILD_MS = 170_000;

/** A stage of the build: a folder that stands for the root of its file system, and what its steps have set. */
interface Stage {
  readonly root: string;
  readonly env: Record<string, string>;
  folder: string;
  user: string;
  entrypoint: string[];
  command: string[];
  /** Folders that COPY gave to the image's user. */
  readonly given: string[];
}

/**
 * The image of the project's Dockerfile, made without Docker: each stage is a folder, COPY takes what .dockerignore lets through and
 * RUN runs below it, on the Node.js of these tests. Only the base image's operating system is not its own.
 */
export class BuiltImage {
  private constructor(
    private readonly folder: string,
    private readonly stage: Stage,
  ) {}

  static async build(): Promise<BuiltImage> {
    const folder = await mkdtemp(join(tmpdir(), 'platform-image-'));
    await chmod(folder, 0o755);
    try {
      const context = join(folder, 'context');
      for (const path of buildContext(projectRoot())) await copy(join(projectRoot(), path), join(context, path));
      return new BuiltImage(folder, await lastStage(folder, context));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get user(): string {
    return this.stage.user;
  }

  get env(): Readonly<Record<string, string>> {
    return this.stage.env;
  }

  /** Where a path of the image lies on this machine. */
  path(inside: string): string {
    return join(this.stage.root, inside);
  }

  /** Starts a container's process: the entry point with the arguments, or with those of CMD; as somebody else, where this is root. */
  start(env: Record<string, string>, args: readonly string[] = this.stage.command): ChildProcess {
    const { root, folder, entrypoint } = this.stage;
    const [program = '', ...first] = entrypoint;
    return spawn(join(root, folder, program), [...first, ...args], {
      cwd: join(root, folder),
      env: {
        PATH: path(root),
        ...this.stage.env,
        PLATFORM_DATA_DIR: this.path(this.stage.env.PLATFORM_DATA_DIR ?? ''),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
    });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function lastStage(folder: string, context: string): Promise<Stage> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const instruction of readDockerfile(readFileSync(join(projectRoot(), 'Dockerfile'), 'utf8'))) {
    if (instruction.name === 'FROM') {
      const [base = '', , name = 'last'] = instruction.text.split(/\s+/);
      stage = await newStage(join(folder, name), stages.get(base));
      stages.set(name, stage);
    } else if (stage) await take(instruction, stage, stages, context);
  }
  if (!stage) throw new Error('The Dockerfile has no stage');
  return stage;
}

async function newStage(root: string, base: Stage | undefined): Promise<Stage> {
  if (base) {
    await run('cp', ['-al', base.root, root]);
    return { ...base, root, env: { ...base.env }, given: [] };
  }
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await copyFile(process.execPath, join(root, 'usr/local/bin/node'));
  return { root, env: {}, folder: '/', user: 'root', entrypoint: [], command: [], given: [] };
}

async function take(
  { name, text, flags }: Instruction,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  context: string,
): Promise<void> {
  switch (name) {
    case 'WORKDIR':
      stage.folder = text;
      await mkdir(join(stage.root, text), { recursive: true });
      return;
    case 'ENV':
      for (const [, key = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) stage.env[key] = value;
      return;
    case 'COPY': {
      const from = flags.from === undefined ? context : stages.get(flags.from)?.root;
      const paths = text.split(/\s+/);
      const to = paths.pop() as string;
      if (from === undefined) throw new Error(`There is no stage ${flags.from}`);
      for (const path of paths) await copyInto(stage, join(from, path), to, paths.length > 1);
      if (flags.chown !== undefined) await giveAway(place(stage, to));
      return;
    }
    case 'RUN':
      return runStep(text, stage);
    case 'USER':
      stage.user = text;
      return;
    case 'ENTRYPOINT':
      stage.entrypoint = JSON.parse(text);
      return;
    case 'CMD':
      stage.command = JSON.parse(text);
      return;
    case 'VOLUME':
    case 'EXPOSE':
      return;
    default:
      throw new Error(`This test does not know what ${name} does: teach it`);
  }
}

/** Without a terminal to ask at, as Docker runs it. */
async function runStep(text: string, { root, folder, env }: Stage): Promise<void> {
  const child = spawn('/bin/sh', ['-ec', text], {
    cwd: join(root, folder),
    env: {
      ...waysToTheRegistry(),
      PATH: path(root),
      HOME: process.env.HOME,
      npm_config_prefix: join(root, 'usr/local'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: BUILD_MS,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`RUN ${text} ended with ${code ?? signal}:\n${printed}`);
}

/** A machine behind a proxy, or with an authority of its own, says so in its environment. */
const waysToTheRegistry = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => /_proxy$|cert|npm_config_registry/i.test(name)));

const path = (root: string): string => `${join(root, 'usr/local/bin')}:${process.env.PATH}`;

const place = (stage: Stage, to: string): string => join(stage.root, to.startsWith('/') ? '' : stage.folder, to);

/** A folder's content goes into the target; a file becomes the target, or lies in it where the target is a folder. */
async function copyInto(stage: Stage, from: string, to: string, many: boolean): Promise<void> {
  const target = place(stage, to);
  const isFolder = (await stat(from)).isDirectory();
  if (!isFolder)
    return copy(from, many || to.endsWith('/') ? join(target, from.slice(dirname(from).length + 1)) : target);
  await mkdir(target, { recursive: true });
  await run('cp', ['-al', `${from}/.`, target]);
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { verbatimSymlinks: true, preserveTimestamps: true });
}

async function giveAway(folder: string): Promise<void> {
  if (process.getuid?.() === 0) await run('chown', ['-R', `${NOBODY}:${NOBODY}`, folder]);
}
