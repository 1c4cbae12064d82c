/**
 * The stream of what `map` makes of each value, without those that it makes nothing (undefined) of. Unlike a generator it passes
 * `return` on at once, also while the source keeps it waiting.
 */
export function filterMap<From, To>(
  source: AsyncIterator<From>,
  map: (value: From) => To | undefined | Promise<To | undefined>,
): AsyncIterableIterator<To, undefined> {
  let left = false;
  const leave = async (): Promise<IteratorResult<To, undefined>> => {
    if (!left) {
      left = true;
      await source.return?.();
    }
    return { value: undefined, done: true };
  };
  return {
    next: async () => {
      try {
        while (!left) {
          const { value, done } = await source.next();
          if (done) break;
          const mapped = await map(value);
          if (mapped !== undefined && !left) return { value: mapped, done: false };
        }
      } catch (error) {
        await leave();
        throw error;
      }
      return { value: undefined, done: true };
    },
    return: leave,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
