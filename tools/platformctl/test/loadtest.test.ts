import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlatformProcess } from '@platform/testkit';
import { readMix } from '../src/loadtest/kinds.js';
import { openLoop } from '../src/loadtest/open-loop.js';
import type { Outcome } from '../src/loadtest/tally.js';

const POSTS = new Map([['post', 1]] as const);

/** A platform that answers nothing until it is let. */
class Standing {
  sent = 0;
  private go = (): void => {};
  private readonly stands = new Promise<void>((resolve) => {
    this.go = resolve;
  });

  constructor(private readonly letGoAt: number) {}

  async send(): Promise<{ outcome: Outcome }> {
    this.sent += 1;
    if (this.sent === this.letGoAt) this.go();
    await this.stands;
    return { outcome: 'admitted' };
  }
}

describe('platformctl loadtest', () => {
  it('goes on sending while nothing is answered, and counts all the time that each waited', async () => {
    const target = new Standing(50);
    const { all } = await openLoop(target, { mix: POSTS, rate: 200, seconds: 0.6 });

    expect(all.offered).toBeGreaterThanOrEqual(50);
    expect(all.counts.admitted).toBe(all.offered);
    // The first of fifty had to wait for the fiftieth, a quarter of a second in the mean: a client that waits for its answers would not know.
    expect(all.percentile(99)).toBeGreaterThan(20 * all.percentile(1));
  });

  it('counts what a platform that cannot go on was still due', async () => {
    let busy = true;
    const send = async (): Promise<{ outcome: Outcome }> => {
      const until = performance.now() + (busy ? 300 : 0);
      busy = false;
      while (performance.now() < until);
      return { outcome: 'admitted' };
    };
    const { all } = await openLoop({ send }, { mix: POSTS, rate: 100, seconds: 0.5 });

    // What was due in the meantime is sent late, and its lateness is time that its client waits.
    expect(all.percentile(50)).toBeGreaterThan(10);
  });

  it.each(['feed', 'feed=', 'feed=0', 'unknown=1', 'feed=1,post=x', ''])('knows that %p is no mix', (text) => {
    expect(readMix(text)).toBeUndefined();
  });

  it('says what is wrong with its arguments, and that nobody answers', async () => {
    const mix = await PlatformProcess.run(['loadtest', '--mix', 'posts=1']);
    expect(mix.code).toBe(1);
    expect(mix.printed).toContain('Weights by kind are needed');

    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const away = await PlatformProcess.run(['loadtest', `http://127.0.0.1:${port}`]);
    expect(away.code).toBe(1);
    expect(away.printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+ does not answer: .*\n$/);
  });
});
