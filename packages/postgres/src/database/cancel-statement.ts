import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type pg from 'pg';

/** PostgreSQL's number for a request to cancel, where a client else says the version of the protocol. */
const CANCEL_REQUEST = 80_877_102;
const CANCEL_BYTES = 16;
/** How long the server may take to hear of it, in ms. */
const PATIENCE = 2_000;

/** What node-postgres knows of a connection and does not declare. */
export interface Session {
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: { readonly stream: Socket };
}

/**
 * Asks the server to end the statement that the client waits for, by a connection of its own as the protocol wants it. Resolves when the
 * server has done so: what the client says next is not meant. A client whose server cannot be told is disconnected.
 */
export async function cancelStatement(client: pg.Client): Promise<void> {
  const { processID, secretKey, connection } = client as unknown as Session;
  const { remoteAddress, remotePort } = connection.stream;
  const request = Buffer.alloc(CANCEL_BYTES);
  request.writeInt32BE(CANCEL_BYTES, 0);
  request.writeInt32BE(CANCEL_REQUEST, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  try {
    if (remoteAddress === undefined || remotePort === undefined) throw new Error('Not connected by TCP');
    const socket = connect(remotePort, remoteAddress).end(request).resume();
    await once(socket, 'close', { signal: AbortSignal.timeout(PATIENCE) }).finally(() => socket.destroy());
  } catch {
    connection.stream.destroy();
  }
}
