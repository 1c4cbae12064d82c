import type { Result } from './operation.js';

interface Attendance {
  /** What is told last instead of a failure; undefined ends the stream without a word. */
  readonly failed?: (failure: unknown) => Result | undefined;
  /** Called once, from whichever side the stream ends. */
  readonly ended?: () => void;
}

/** The stream, looked after until its end. Like a stream of one's own, it may be ended while it is read. */
export function attended(
  source: AsyncIterator<Result>,
  { failed, ended }: Attendance,
): AsyncIterableIterator<Result, undefined> {
  let over = false;
  const end = (): IteratorReturnResult<undefined> => {
    if (!over) ended?.();
    over = true;
    return { value: undefined, done: true };
  };
  const stream: AsyncIterableIterator<Result, undefined> = {
    next: async () => {
      if (over) return end();
      try {
        const { value, done } = await source.next();
        return done ? end() : { value, done: false };
      } catch (failure) {
        end();
        if (!failed) throw failure;
        const last = failed(failure);
        return last ? { value: last, done: false } : end();
      }
    },
    return: async () => {
      const last = end();
      await source.return?.();
      return last;
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
