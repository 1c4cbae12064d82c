import DataLoader from 'dataloader';

/**
 * Reads single rows by key, all that one tick of a request asks for in one statement; null where there is none.
 * Nothing is remembered between batches, as a mutation may change what an earlier field has read.
 */
export const rowLoader = <Row extends object>(
  read: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> =>
  valueLoader<Row | null>(async (keys) => new Map((await read(keys)).map((row) => [keyOf(row), row])), null);

/** Like `rowLoader`, for values that are no rows, such as counts; `missing` where there is none. */
export const valueLoader = <Value>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  missing: Value,
): DataLoader<string, Value> =>
  new DataLoader(
    async (keys) => {
      const found = await read([...new Set(keys)]);
      return keys.map((key) => found.get(key) ?? missing);
    },
    { cache: false },
  );
