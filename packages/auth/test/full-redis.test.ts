import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { RedisRevocationVersions } from '@platform/auth';
import { createLogger } from '@platform/foundation/logging';
import { RedisCache } from '@platform/redis/cache';
import { connectRedis, type Redis } from '@platform/redis/connection';
import { describeWithRedis, eventually } from '@platform/testkit';

const logger = createLogger({ level: 'silent', format: 'json' });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

describeWithRedis('a Redis that is full', () => {
  let server: ChildProcess;
  let redis: Redis;
  const start = async (policy: string) => {
    const port = await freePort();
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()];
    server = spawn('redis-server', [...flags, '--maxmemory', '3mb', '--maxmemory-policy', policy], { stdio: 'ignore' });
    redis = connectRedis({ url: `redis://127.0.0.1:${port}`, connectTimeout: 5_000, commandTimeout: 2_000 }, logger);
    await eventually(() => redis.ping());
  };
  const fill = async () => {
    for (const size of [10_000, 300, 1]) {
      for (let index = 0; index < 600; index += 1) {
        const taken = await redis.set(`junk:${size}:${index}`, 'x'.repeat(size)).catch(() => null);
        if (taken === null) break;
      }
    }
  };
  afterEach(async () => {
    redis.disconnect();
    server.kill();
    await once(server, 'exit');
  });

  it('and refuses writes: changes of rights are refused, what was read is read anew, and counts go on', async () => {
    await start('noeviction');
    const revocations = new RedisRevocationVersions(redis);
    const cache = new RedisCache({ redis, logger });
    await revocations.bump(['user:ada']);
    const known = await revocations.read(['user:ada']);
    await fill();
    expect(await revocations.read(['user:ada'])).toEqual(known);
    await expect(revocations.bump(['user:ada'])).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } });
    const [one] = await revocations.read(['user:bob']).catch(() => ['unavailable']);
    const [other] = await revocations.read(['user:bob']).catch(() => ['unavailable again']);
    expect(one).not.toBe(other);
    // Longer than Redis is left alone after a failure: a count in memory is not given up while nothing can be written.
    const until = performance.now() + 2_500;
    let [counted, last] = [0, 0];
    await eventually(async () => {
      last = await cache.increment('failures', 60_000);
      counted += 1;
      expect(last).toBe(counted);
      if (performance.now() < until) throw new Error('not long enough yet');
    });
    expect(last).toBe(counted);
  });

  it('and lets go of what is oldest: a stamp that is gone reads as a change', async () => {
    await start('allkeys-lru');
    const revocations = new RedisRevocationVersions(redis);
    await revocations.bump(['user:ada']);
    const [known] = await revocations.read(['user:ada']);
    await fill();
    await fill();
    expect((await revocations.read(['user:ada']))[0]).not.toBe(known);
  });
});
