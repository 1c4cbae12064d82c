import { setTimeout as wait } from 'node:timers/promises';

/** When a failure is tried again. Times are in ms. */
export interface RetryPolicy {
  /** Before the second attempt; doubled before each further one. */
  readonly initialDelay: number;
  /** 5 s when left out. */
  readonly maxDelay?: number;
  /** The largest share of a delay that is added to it at random, 0.2 when left out; large where several contend for the same. */
  readonly jitter?: number;
  /** All of them, the first included; no limit when left out. */
  readonly maxAttempts?: number;
  /** No attempt begins later; no limit when left out. */
  readonly maxElapsedTime?: number;
}

interface RetryOptions extends RetryPolicy {
  /** Whether the failure can pass; every one, when left out. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** Before each delay. */
  readonly onRetry?: (error: Error, delay: number) => void;
}

/** How long to wait after so many failures in a row, in ms. */
export function retryDelay({ initialDelay, maxDelay = 5_000, jitter = 0.2 }: RetryPolicy, failures: number): number {
  return Math.min(initialDelay * 2 ** (failures - 1), maxDelay) * (1 + Math.random() * jitter);
}

/** Runs `work` until it succeeds. @throws its last failure. */
export async function retry<T>(
  work: () => Promise<T>,
  {
    maxAttempts = Number.POSITIVE_INFINITY,
    maxElapsedTime = Number.POSITIVE_INFINITY,
    isRetryable = () => true,
    onRetry = () => {},
    ...policy
  }: RetryOptions,
): Promise<T> {
  const deadline = performance.now() + maxElapsedTime;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const delay = retryDelay(policy, attempt);
      if (attempt >= maxAttempts || performance.now() + delay > deadline || !isRetryable(error)) throw error;
      onRetry(error as Error, Math.round(delay));
      await wait(delay);
    }
  }
}
