import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { eventually } from '@platform/testkit';
import { EmbeddedPlatform } from '../e2e/embedded-platform.js';
import { freePorts } from '../e2e/free-ports.js';
import { everyMetric } from './every-metric.js';
import { documents, runnableBlocks, unmarkedBlocks } from './runnable-blocks.js';

/** The port that the documents name. */
const DOCUMENTED_PORT = '4000';

/** A shell as a newcomer has it: nothing of the tests' environment. */
function shell(commands: string, env: Record<string, string>): { child: ChildProcess; printed: () => string } {
  const child = spawn('/bin/bash', ['-ec', commands], {
    cwd: projectRoot(),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return { child, printed: () => text };
}

async function run(commands: string, env: Record<string, string>): Promise<string> {
  const { child, printed } = shell(commands, env);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${commands} ended with ${code}:\n${printed()}`);
  return printed();
}

describe('a newcomer who does what the documents say', () => {
  let platform: { child: ChildProcess; printed: () => string };
  let port: string;
  let env: Record<string, string>;
  let folder: string;
  const readme = new Map(runnableBlocks('README.md').map((block) => [block.name, block]));

  const commandsOf = (name: string): string => {
    const block = readme.get(name);
    if (!block) throw new Error(`README.md has no block that is marked as "${name}"`);
    return block.commands.replaceAll(`localhost:${DOCUMENTED_PORT}`, `localhost:${port}`);
  };
  const json = async (name: string, more: Record<string, string> = {}, replace: readonly [string, string] = ['', '']) =>
    JSON.parse(
      await run(
        commandsOf(name)
          .replace('curl ', 'curl --silent ')
          .replace(...replace),
        { ...env, ...more },
      ),
    );

  beforeAll(async () => {
    port = String((await freePorts(1))[0]);
    folder = await mkdtemp(join(tmpdir(), 'platform-documents-'));
    env = { PLATFORM_DATA_DIR: await EmbeddedPlatform.newDirectory(), SERVER_PORT: port };
    platform = shell(commandsOf('start'), env);
    await eventually(() => expect(platform.printed()).toContain('The platform is ready.'), { timeout: 120_000 });
  });
  afterAll(async () => {
    platform.child.kill('SIGTERM');
    if (platform.child.exitCode === null) await once(platform.child, 'close');
    await rm(folder, { recursive: true, force: true });
    await rm(env.PLATFORM_DATA_DIR as string, { recursive: true, force: true });
  });

  it('gets the documented answer to the first query, signs in with the printed password, and writes a post', async () => {
    expect(await json('first query')).toEqual(readme.get('first query')?.printed);

    const [, password = ''] = /Password\s+(\S+)/.exec(platform.printed()) ?? [];
    const signedIn = await json('sign in', {}, ['THE PRINTED PASSWORD', password]);
    const { accessToken } = signedIn.data.login;

    const written = await json('create a post', { ACCESS_TOKEN: accessToken });
    expect(written).toEqual({
      data: { createPost: { id: expect.any(String), slug: 'hello', status: 'DRAFT', version: 1 } },
    });
  });

  it('can run every other command that is marked, beside the platform, and restore the backup once it is stopped', async () => {
    const inFolder = (commands: string) => commands.replaceAll('platform.tar.gz', join(folder, 'platform.tar.gz'));
    const blocks = documents().flatMap(runnableBlocks);
    const beside = blocks.filter(({ name }) => name === '');
    expect(beside.length).toBeGreaterThanOrEqual(9);
    for (const { commands } of beside) await run(inFolder(commands), env);

    const elsewhere = { PLATFORM_DATA_DIR: await EmbeddedPlatform.newDirectory() };
    try {
      const stopped = blocks.filter(({ name }) => name === 'stopped');
      expect(stopped).toHaveLength(1);
      for (const { commands } of stopped)
        expect(await run(inFolder(commands), elsewhere)).toContain('The log is whole.');
    } finally {
      await rm(elsewhere.PLATFORM_DATA_DIR, { recursive: true, force: true });
    }
  });
});

describe('every command of a document', () => {
  it.each(documents())('is run here, or says what it needs: %s', (document) => {
    expect(unmarkedBlocks(document)).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  const text = readFileSync(join(projectRoot(), 'docs/operations.md'), 'utf8');

  it('names every metric of the platform', async () => {
    const own = [...(await everyMetric()).keys()].filter((name) => !/^(nodejs|process)_/.test(name));
    expect(own.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
