import { setTimeout as wait } from 'node:timers/promises';
import type { Mix } from './kinds.js';
import { closedLoop, openLoop } from './open-loop.js';
import type { Step } from './report.js';
import type { Target } from './target.js';
import { UsageWatch } from './usage.js';

/** How many operations are under way while a capacity is looked for: enough to keep one core busy, too few to wait long. */
const AT_A_TIME = 16;
/** Share of the capacity at which a platform counts as unloaded. */
const UNLOADED = 0.1;
/** How long after a load answers may be slow, in ms, and how often in a row they must not be. */
const RECOVERY = { most: 60_000, inARow: 5 };

/** Loads one platform in steps. */
export class LoadTest {
  constructor(
    private readonly target: Pick<Target, 'send' | 'samples'>,
    private readonly mix: Mix,
    private readonly seconds: number,
  ) {}

  /** Operations per second that are answered when there is always something to do. */
  capacity(): Promise<number> {
    return closedLoop(this.target, { mix: this.mix, atATime: AT_A_TIME, seconds: Math.max(1, this.seconds) });
  }

  /** The p95 of answers when there is little to do, in ms. */
  async unloaded(capacity: number): Promise<number> {
    const { all } = await openLoop(this.target, { mix: this.mix, rate: capacity * UNLOADED, seconds: this.seconds });
    return all.percentile(95);
  }

  /** One step: the load, and how long it is felt. */
  async step(share: number, capacity: number, unloaded: number): Promise<Step> {
    const rate = capacity * share;
    const usage = new UsageWatch(this.target);
    const over = wait(this.seconds * 1000).then(() => performance.now());
    const tallies = await openLoop(this.target, { mix: this.mix, rate, seconds: this.seconds });
    const recovery = await this.recovery(await over, unloaded);
    return { share, rate, seconds: this.seconds, tallies, usage: await usage.end(), recovery };
  }

  private async recovery(since: number, unloaded: number): Promise<number | null> {
    for (let good = 0, first = 0; performance.now() - since < RECOVERY.most; ) {
      const begin = performance.now();
      const { outcome } = await this.target.send('post');
      const fast = outcome === 'admitted' && performance.now() - begin <= 2 * unloaded;
      good = fast ? good + 1 : 0;
      if (good === 1) first = begin;
      if (good === RECOVERY.inARow) return Math.max(0, first - since);
      await wait(20);
    }
    return null;
  }
}
