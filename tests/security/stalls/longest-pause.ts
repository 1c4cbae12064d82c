/** In ms, since whenever. */
export type Watch = () => number;

/** CPU time of this thread: what other programs do meanwhile does not count, but the kernel may count it by ticks. */
export const cpuTime: Watch = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** Time that has passed: exact, but other programs' work counts too. */
export const wallTime: Watch = () => performance.now();

/** The longest time that the event loop was kept from its next turn while the work went on. */
async function pauseOf(work: () => Promise<unknown>, watch: Watch): Promise<number> {
  let longest = 0;
  let last = watch();
  let going = true;
  const turn = (): void => {
    const now = watch();
    longest = Math.max(longest, now - last);
    last = now;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  await new Promise((resolve) => setImmediate(resolve));
  going = false;
  return longest;
}

/** The least of some attempts, as collecting garbage and compiling come between: at most `attempts`, and no more once it is below `enough`. */
export async function longestPause(
  work: () => Promise<unknown>,
  enough: number,
  { attempts = 4, watch = cpuTime }: { attempts?: number; watch?: Watch } = {},
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts && least > enough; attempt += 1)
    least = Math.min(least, await pauseOf(work, watch));
  return least;
}

/** In ms. Where the kernel counts CPU time by ticks, less is what it happened to see. */
const RESOLUTION = 5;

/** By what power of the size the time grows, over sizes that double: the slope of a line through the logarithms of times that can be measured. Infinite where only the last one can. */
export function exponentOf(times: readonly number[]): number {
  const points = times.flatMap((time, doubling) => (time >= RESOLUTION ? [[doubling, Math.log2(time)] as const] : []));
  if (points.length < 2) return Number.POSITIVE_INFINITY;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, time]) => time))];
  const rise = points.reduce((sum, [at, time]) => sum + (at - x) * (time - y), 0);
  return rise / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}
