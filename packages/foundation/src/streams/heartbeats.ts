/** Stands between the values of a stream that has been silent. */
export const HEARTBEAT = Symbol('heartbeat');

/** The stream with a heartbeat wherever it has been silent for `interval` ms, so that neither end nor a proxy takes it for dead. */
export function withHeartbeats<T>(
  source: AsyncIterator<T>,
  interval: number,
): AsyncIterableIterator<T | typeof HEARTBEAT, undefined> {
  let asked = false;
  let answered: (() => void) | undefined;
  let outcome: { readonly result: Promise<IteratorResult<T>> } | undefined;

  /** One question to the source at a time, however many heartbeats pass before it is answered. */
  const ask = (): void => {
    if (asked) return;
    asked = true;
    const result = source.next();
    const settle = () => {
      outcome = { result };
      answered?.();
    };
    result.then(settle, settle);
  };

  return {
    next: async () => {
      ask();
      if (!outcome) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, interval);
          answered = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        answered = undefined;
      }
      if (!outcome) return { value: HEARTBEAT, done: false };
      const { result } = outcome;
      outcome = undefined;
      asked = false;
      const { value, done } = await result;
      return done ? { value: undefined, done: true } : { value, done: false };
    },
    return: async () => {
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
