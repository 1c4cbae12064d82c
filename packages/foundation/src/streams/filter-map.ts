/** The stream of what `map` makes of each value, without those that it makes nothing (undefined) of. */
export const filterMap = <From, To>(
  source: AsyncIterator<From>,
  map: (value: From) => To | undefined | Promise<To | undefined>,
): AsyncIterableIterator<To, undefined> =>
  flatMap(source, async (value) => {
    const mapped = await map(value);
    return mapped === undefined ? [] : [mapped];
  });

/** The stream of all that `map` makes of each value. Unlike a generator it passes `return` on at once, also while the source keeps it waiting. */
export function flatMap<From, To>(
  source: AsyncIterator<From>,
  map: (value: From) => Promise<readonly To[]>,
): AsyncIterableIterator<To, undefined> {
  let left = false;
  let made: To[] = [];
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
          if (made.length > 0) return { value: made.shift() as To, done: false };
          const { value, done } = await source.next();
          if (done) break;
          made = [...(await map(value))];
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
