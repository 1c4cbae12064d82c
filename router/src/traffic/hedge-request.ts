type Attempt<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Starts the attempt, and the same once more when it has brought nothing within `delay` ms. The first answer stands and ends
 * the other; fails when all have failed.
 */
export function hedgeRequest<T>(
  attempt: Attempt<T>,
  delay: number,
  mayHedge: () => boolean,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const both = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
    let running = 0;
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
      ended.abort(new Error('Another attempt has answered'));
    };
    const start = (): void => {
      running += 1;
      attempt(both).then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => {
          running -= 1;
          if (running === 0) settle(() => reject(error));
        },
      );
    };
    const timer = setTimeout(() => {
      if (!both.aborted && mayHedge()) start();
    }, delay);
    start();
  });
}
