import { setTimeout as wait } from 'node:timers/promises';

/** Repeats `check` until it passes. @throws its last failure once `timeout` ms have gone by. */
export async function eventually<T>(check: () => T | Promise<T>, { timeout = 30_000, interval = 20 } = {}): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await wait(interval);
    }
  }
}
