import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { projectRoot } from '@platform/foundation/config';
import { settle } from '@platform/platformctl/generate/settle';
import { subgraphNames } from '@platform/runtime/modules';
import { PlatformProcess } from '@platform/testkit';

const run = PlatformProcess.run;
const lines = (printed: string): string[] => printed.trim().split('\n');

describe('platformctl', () => {
  it('lists its commands', async () => {
    const { code, printed } = await run(['--help']);
    expect(code).toBe(0);
    const commands = [
      'dev',
      'start',
      'migrate',
      'seed',
      'keys',
      'generate',
      'supergraph',
      'modules',
      'config',
      'router',
    ];
    for (const command of commands) expect(printed).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(await readFile(join(projectRoot(), 'package.json'), 'utf8'));
    expect(await run(['--version'])).toEqual({ code: 0, printed: `${version}\n` });
  });

  it.each([
    [['frobnicate'], 'unknown command'],
    [['start', 'nothing'], 'Allowed choices are router, identity'],
    [['migrate', '--frobnicate'], 'unknown option'],
  ])('exits 1 for %j and says where help is', async (args, reason) => {
    const { code, printed } = await run(args);
    expect(code).toBe(1);
    expect(printed).toContain(reason);
    expect(printed).not.toMatch(/^ +at /m);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const main = join(projectRoot(), 'tools', 'platformctl', 'dist', 'main.js');
    const { stdout, stderr } = await promisify(execFile)('/bin/bash', [
      '-c',
      'set -o pipefail; "$0" "$1" config show | head -n 1',
      process.execPath,
      main,
    ]);
    expect(lines(stdout)).toHaveLength(1);
    expect(stderr).toBe('');
  });
});

describe('platformctl modules', () => {
  it('lists them, each after what it depends on', async () => {
    const { code, printed } = await run(['modules', 'list']);
    expect(code).toBe(0);
    const names = lines(printed).map((line) => line.split(' ')[0]);
    expect(names).toHaveLength(4);
    expect(names.slice().sort()).toEqual(subgraphNames.toSorted());
    expect(names.indexOf('identity')).toBeLessThan(names.indexOf('blog'));
  });

  it('tells of one what it depends on, permits and publishes', async () => {
    const { code, printed } = await run(['modules', 'info', 'blog']);
    expect(code).toBe(0);
    expect(printed).toMatch(/^blog \d+\.\d+\.\d+/);
    for (const line of [
      '  blog.post.create ',
      '  blog.post.published',
      'depends on\n',
      'consumes\n  platform.user.deleted',
    ]) {
      expect(printed).toContain(line);
    }
  });

  it('finds that they fit together', async () => {
    expect(await run(['modules', 'validate'])).toEqual({
      code: 0,
      printed: expect.stringContaining('4 modules fit together: '),
    });
  });

  it('exits 1 for one that is not there, and names those that are', async () => {
    const { code, printed } = await run(['modules', 'info', 'shop']);
    expect(code).toBe(1);
    expect(printed).toMatch(/^There is no module named "shop"; there are \w+, \w+, \w+, \w+\.\n$/);
  });
});

describe('platformctl generate', () => {
  it.each([[['generate', '--check']], [['supergraph', 'compose', '--check']]])(
    'finds the committed files fresh: %j',
    async (args) => {
      expect(await run(args)).toEqual({ code: 0, printed: 'Every generated file is up to date.\n' });
    },
  );
});

describe('a generated file', () => {
  let directory: string;
  let printed: string;
  let exitCode: typeof process.exitCode;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'platform-generated-'));
    exitCode = process.exitCode;
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    process.exitCode = exitCode;
    await rm(directory, { recursive: true });
  });

  const file = async (committed: string | null, content = 'fresh') => {
    const path = join(directory, 'schema.graphql');
    if (committed !== null) await writeFile(path, committed);
    return { path: relative(projectRoot(), path), content };
  };

  it.each([
    ['stale', 'old'],
    ['missing', null],
  ])('that is %s fails the check, is named, and stays as it is', async (_what, committed) => {
    const generated = await file(committed);

    settle([generated], true);

    expect(process.exitCode).toBe(1);
    expect(printed).toContain(`stale ${generated.path}`);
    expect(await readFile(join(projectRoot(), generated.path), 'utf8').catch(() => null)).toBe(committed);
  });

  it('that is stale is written without the check', async () => {
    const generated = await file('old');

    settle([generated], false);

    expect(process.exitCode).toBe(exitCode);
    expect(await readFile(join(projectRoot(), generated.path), 'utf8')).toBe('fresh');
  });

  it('that is fresh is left alone', async () => {
    settle([await file('fresh')], true);

    expect(process.exitCode).toBe(exitCode);
    expect(printed).toBe('Every generated file is up to date.\n');
  });
});
