const MAX_TEXT = 2_000;
const MAX_STACK = 4_000;
const MAX_CAUSES = 4;

/**
 * The fields of errors that a log may show beside type, message and stack. Whatever else a library hangs on its errors, such as the client
 * that failed, the statement's parameters or a response's headers, does not reach a log.
 */
const SHOWN = [
  'code',
  'errno',
  'syscall',
  'hostname',
  'address',
  'port',
  'signal',
  'exitCode',
  'status',
  'statusCode',
  // PostgreSQL's; its `detail` and `where` quote rows.
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  // Kafka's
  'retriable',
  'topic',
  'partition',
  'broker',
  // GraphQL's
  'subgraph',
] as const;

/** What a log shows of an error. */
export interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: SerializedError;
  /** The first of those that an AggregateError is made of. */
  readonly errors?: readonly SerializedError[];
  readonly [field: string]: unknown;
}

/** An error for the log: its type, message, stack, causes, and the fields of a fixed list, each bounded in length. */
export function serializeError(error: Error, depth = 0): SerializedError {
  const fields = Object.fromEntries(
    SHOWN.flatMap((name) => {
      const value = shown((error as unknown as Record<string, unknown>)[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const nested = depth < MAX_CAUSES;
  return {
    type: error.constructor?.name || error.name,
    message: cut(String(error.message), MAX_TEXT),
    ...fields,
    ...(typeof error.stack === 'string' && { stack: cut(error.stack, MAX_STACK) }),
    ...(nested && error.cause instanceof Error && { cause: serializeError(error.cause, depth + 1) }),
    ...(nested &&
      error instanceof AggregateError && {
        errors: error.errors
          .filter((each) => each instanceof Error)
          .slice(0, MAX_CAUSES)
          .map((each) => serializeError(each, MAX_CAUSES)),
      }),
  };
}

function shown(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string') return cut(value, MAX_TEXT);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
