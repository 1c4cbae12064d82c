/** What brokers answer to an event, or to several together, that is larger than they take. */
const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];

/** Classes of PostgreSQL's errors that lie in a row: damaged data, data out of range, too complex for a statement. */
const OF_ROWS = /^(XX|22|54)/;

/** Whether brokers find a message, or all of them together, larger than they take. */
export const isTooLarge = (error: unknown): boolean => TOO_LARGE.includes((error as { type?: string }).type ?? '');

/** Whether the failure may lie in one of the events, and not in what carries them: then trying them again together is of no use. */
export const isOfOneEvent = (error: unknown): boolean =>
  isTooLarge(error) || error instanceof RangeError || OF_ROWS.test((error as { code?: string }).code ?? '');

/** What the work comes to, or the failure that may lie in its one event. @throws any other */
export const ofOneEvent = <T>(work: Promise<T>): Promise<T | Error> =>
  work.catch((error: Error) => {
    if (isOfOneEvent(error)) return error;
    throw error;
  });
