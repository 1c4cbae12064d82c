import { setTimeout as wait } from 'node:timers/promises';

const LONGEST_DELAY = 5_000;

/** When to try again: at most `attempts` times, for at most `patience` ms, and only after failures that `passing` says can pass. */
interface RetryOptions {
  /** In ms; doubled after each failure up to 5 s, with jitter. */
  readonly baseDelay: number;
  /** The largest share of the delay that is added to it at random, 0.2 when left out; large where several contend for the same. */
  readonly jitter?: number;
  readonly attempts?: number;
  readonly patience?: number;
  readonly passing?: (error: unknown) => boolean;
}

/** Runs `work` until it succeeds. @throws its last failure. */
export async function retried<T>(
  work: () => Promise<T>,
  {
    baseDelay,
    jitter = 0.2,
    attempts = Number.POSITIVE_INFINITY,
    patience = Number.POSITIVE_INFINITY,
    passing = () => true,
  }: RetryOptions,
  onFailure: (error: Error, delay: number) => void = () => {},
): Promise<T> {
  const deadline = performance.now() + patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const delay = Math.min(baseDelay * 2 ** (attempt - 1), LONGEST_DELAY) * (1 + Math.random() * jitter);
      if (attempt >= attempts || performance.now() + delay > deadline || !passing(error)) throw error;
      onFailure(error as Error, Math.round(delay));
      await wait(delay);
    }
  }
}
