import type { IncomingOperation } from '../operation.js';

/** The header in which Apollo's clients say who they are. */
const HEADER = 'apollographql-client-name';

/** What the client calls itself. It chooses between operations that are all listed, and gives no rights. */
export function clientNameOf({ headers }: Pick<IncomingOperation, 'headers'>): string | undefined {
  const name = headers?.[HEADER];
  return typeof name === 'string' && name !== '' ? name : undefined;
}
