import { jest } from '@jest/globals';
import { describeWithRedis, eventually, PlatformProcess } from '@platform/testkit';
import { DistributedPlatform } from './distributed-platform.js';

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const unusableForBlog = (name: string): Record<string, string> =>
  name === 'blog' ? { DATABASE_POOL_MAX: 'none' } : {};

describeWithRedis('a start of separate processes', (redis) => {
  it.each([
    ['of which one ends', { envOf: unusableForBlog }, 'ended'],
    ['that takes too long', { timeout: 1_000 }, 'had not started'],
  ])('%s fails, and leaves none of them behind', async (_what, setup, reason) => {
    const start = jest.spyOn(PlatformProcess, 'start');
    await expect(DistributedPlatform.start(redis, {}, setup)).rejects.toThrow(reason);

    const pids = start.mock.results.map(({ value }) => (value as PlatformProcess).pid);
    start.mockRestore();
    expect(pids.length).toBeGreaterThan(0);
    await eventually(() => expect(pids.filter(isRunning)).toEqual([]));
  });
});
