import type { IncomingOperation } from '../operation.js';

/** Answers who signed in, if anybody. Rejects when the connection is not good for any operation, or its client tries too often. */
export type AuthenticateConnection = (
  connection: Pick<IncomingOperation, 'authorization' | 'clientIp' | 'headers'>,
) => Promise<string | null>;
