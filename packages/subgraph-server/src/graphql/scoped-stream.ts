/** Every event is answered inside the context of the request that began the stream; a source that fails is told as a last answer. */
export function inScope<T>(
  inside: <R>(work: () => R | Promise<R>) => Promise<R>,
  events: AsyncIterableIterator<T>,
  failed: (error: unknown) => T,
  onEnd: () => void,
): AsyncIterableIterator<T> {
  let over = false;
  const end = (): IteratorResult<T> => {
    if (!over) onEnd();
    over = true;
    return { value: undefined, done: true };
  };
  return {
    next: async () => {
      if (over) return end();
      try {
        const result = await inside(() => events.next());
        return result.done ? end() : result;
      } catch (error) {
        end();
        return { value: await inside(() => failed(error)), done: false };
      }
    },
    return: async () => {
      await events.return?.();
      return end();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
