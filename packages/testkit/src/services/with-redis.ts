import { describe } from '@jest/globals';
import { service, workerNumber } from './environment.js';
import { reportSkipped } from './skipped-suites.js';

/** A suite that needs a real Redis: `define` gets its URL (a logical database that no other test process uses). Without Redis the suite is skipped, and the run says so at its end. */
export function describeWithRedis(name: string, define: (redisUrl: string) => void): void {
  const url = service('redisUrl');
  if (url) {
    describe(name, () => define(withOwnDatabase(url)));
    return;
  }
  describe.skip(name, () => define('redis://127.0.0.1:0'));
  reportSkipped(name, 'Redis: set REDIS_URL or install redis-server');
}

function withOwnDatabase(url: string): string {
  const target = new URL(url);
  if (target.pathname.length <= 1) target.pathname = `/${workerNumber()}`;
  return target.href;
}
