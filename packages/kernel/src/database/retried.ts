import { setTimeout as wait } from 'node:timers/promises';

/** Runs `work` until it succeeds, waiting twice as long (ms) after each failure, with up to 20 % of jitter. @throws the last failure. */
export async function retried<T>(
  work: () => Promise<T>,
  { attempts, baseDelay }: { attempts: number; baseDelay: number },
  onFailure: (error: Error, delay: number) => void = () => {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts) throw error;
      const delay = Math.round(baseDelay * 2 ** (attempt - 1) * (1 + Math.random() / 5));
      onFailure(error as Error, delay);
      await wait(delay);
    }
  }
}
