import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { describeWithRedis, PlatformProcess } from '@platform/testkit';
import { DistributedPlatform, SUBGRAPHS } from '../e2e/distributed-platform.js';
import { EmbeddedPlatform } from '../e2e/embedded-platform.js';
import { StandAloneRouter } from '../e2e/stand-alone-router.js';

const RELOADED = 'configuration reloaded';
const REFUSED = 'configuration reload failed';

/** How often the process has printed the text. */
const times = (process: PlatformProcess, text: string): number => process.printed.split(text).length - 1;

const hangUp = async (process: PlatformProcess, expected: string): Promise<void> => {
  const before = times(process, expected);
  process.signal('SIGHUP');
  await process.prints(new RegExp(`(${expected}[^]*){${before + 1}}`));
};

/** A mistake is told and changes nothing; a log level that is not shown any more is taken over, and taken back. */
async function reloads(process: PlatformProcess, url: string, write: (level: string) => Promise<void>): Promise<void> {
  await write('louder');
  await hangUp(process, REFUSED);
  expect(process.printed).toContain('logging.level');
  await write('debug');
  await hangUp(process, RELOADED);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  await write('info');
  await hangUp(process, RELOADED);
}

describe('SIGHUP', () => {
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platform-signals-'));
    file = join(folder, 'platform.yaml');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const write = (level: string) => writeFile(file, `logging:\n  level: ${level}\n`);

  describeWithRedis('to the processes of the distributed platform', (redisUrl) => {
    let platform: DistributedPlatform;

    beforeAll(async () => {
      await write('info');
      platform = await DistributedPlatform.start(redisUrl, { PLATFORM_CONFIG_FILE: file, LOGGING_LEVEL: '' });
    });
    afterAll(() => platform?.stop());

    it.each([...SUBGRAPHS, 'router'])(
      'lets %s read its configuration again, and refuse one with mistakes',
      async (name) => {
        await reloads(platform.process(name), platform.url(name), write);
      },
    );
  });

  it('does not end a process that is still starting', async () => {
    const process = PlatformProcess.start(['start', 'blog'], {
      PLATFORM_ENV: 'test',
      SERVER_PORT: '0',
      DATABASE_URL: 'postgres://127.0.0.1:1/platform',
      DATABASE_START_TIMEOUT: '2s',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    await process.prints(/database unavailable; retrying/);
    process.signal('SIGHUP');
    expect(await process.ended()).toBe(1);
    expect(process.printed).toContain('cannot be used as');
  });

  it('lets the embedded platform read its configuration again', async () => {
    await write('info');
    const platform = await EmbeddedPlatform.start({ env: { PLATFORM_CONFIG_FILE: file } });
    try {
      await reloads(platform.process, platform.url, write);
    } finally {
      await platform.stop();
    }
  });

  it.each([
    ['the router alone', []],
    ['the workers of the router alone', ['--workers', '2']],
  ])('lets %s read its configuration again', async (_name, args) => {
    const { sdl } = composeSupergraph([{ name: 'shop', url: 'http://127.0.0.1:1', typeDefs: 'type Query { a: Int }' }]);
    const router = await StandAloneRouter.start({ sdl, args, config: 'logging:\n  level: info\n' });
    const own = join(router.directory, 'router.yaml');
    try {
      await reloads(router.process, router.url, (level) => writeFile(own, `logging:\n  level: ${level}\n`));
    } finally {
      await router.stop();
    }
  });
});
