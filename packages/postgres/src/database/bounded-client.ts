import { isConnectionFailure } from '@platform/foundation/errors';
import { currentBounds, type RequestBounds } from '@platform/foundation/request-bounds';
import type pg from 'pg';
import { cancelStatement, type Session } from './cancel-statement.js';

/** How long a statement that was cancelled may go on before its connection is given up, in ms. */
const CANCEL_PATIENCE = 2_000;

/** By how much, in ms, the server's own limits are later than a request's end. */
const SERVER_PATIENCE = 1_000;

/** What is only read outside of a transaction. */
const READ = /^\s*SELECT\b/i;

type Send = () => Promise<unknown>;

/** Sends a statement on a connection that is new, or throws the failure of the one before. */
export type Repeat = (statement: string, values: unknown[] | undefined, failure: unknown) => Promise<unknown>;

interface BoundedClientOptions {
  readonly again: Repeat;
  /** How long a request's transaction waits for a lock, in ms. */
  readonly lockTimeout: number;
}

/**
 * A client whose statements end with the request that they are for: nothing is sent after its deadline or for a client that has left, what
 * runs is cancelled on the server, and no transaction commits that is answered as failed. Work outside of requests is not bounded.
 */
export function boundedClient(
  Client: typeof pg.Client,
  { again, lockTimeout }: BoundedClientOptions,
): typeof pg.Client {
  return class BoundedClient extends Client {
    private inTransaction = false;

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      // Its statements tell that the connection is lost. Unheard, the loss would end the process where nobody has taken the client yet.
      this.on('error', () => {});
    }

    override query(statement: unknown, values?: unknown, callback?: unknown): never {
      const send = (text = statement): never =>
        super.query(text as string, values as unknown[], callback as () => void) as never;
      if (typeof statement === 'string' && callback === undefined) return this.sent(statement, values, send) as never;
      currentBounds()?.signal.throwIfAborted();
      return send();
    }

    /** A read whose connection is lost is sent once more on another one: it changed nothing. */
    private async sent(
      statement: string,
      values: unknown,
      send: (text?: string) => Promise<unknown>,
    ): Promise<unknown> {
      if (statement === 'START TRANSACTION') this.inTransaction = true;
      if (statement === 'COMMIT' || statement === 'ROLLBACK') this.inTransaction = false;
      const bounds = currentBounds();
      try {
        return await (bounds ? this.bounded(bounds, statement, send) : send());
      } catch (error) {
        if (this.inTransaction || !READ.test(statement) || !isConnectionFailure(error)) throw error;
        return again(statement, values as unknown[], error);
      }
    }

    private async bounded(
      bounds: RequestBounds,
      statement: string,
      send: (text?: string) => Promise<unknown>,
    ): Promise<unknown> {
      if (statement.startsWith('ROLLBACK')) return send();
      if (statement === 'COMMIT') {
        bounds.beginCommit();
        return send();
      }
      bounds.signal.throwIfAborted();
      const text = statement === 'START TRANSACTION' ? statement + limitsOf(bounds, lockTimeout) : statement;
      return this.cancellable(bounds.signal, () => send(text));
    }

    private async cancellable(signal: AbortSignal, send: Send): Promise<unknown> {
      let cancelling: Promise<void> | undefined;
      let overdue: NodeJS.Timeout | undefined;
      const cancel = (): void => {
        cancelling = cancelStatement(this);
        overdue = setTimeout(() => (this as unknown as Session).connection.stream.destroy(), CANCEL_PATIENCE);
      };
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await send();
      } catch (error) {
        throw cancelling ? signal.reason : error;
      } finally {
        signal.removeEventListener('abort', cancel);
        await cancelling;
        clearTimeout(overdue);
      }
    }
  };
}

/**
 * Sent with the statement that begins a transaction: the server ends by itself what a process leaves that stands still. A process that does
 * not is first. A lock that others keep is waited for no longer than there is still time to answer that.
 */
function limitsOf({ left }: RequestBounds, lockTimeout: number): string {
  if (left === Number.POSITIVE_INFINITY) return '';
  const ms = Math.ceil(left) + SERVER_PATIENCE;
  const limits = { statement_timeout: ms, idle_in_transaction_session_timeout: ms, lock_timeout: lockTimeout };
  return Object.entries(limits)
    .map(([name, value]) => `; SET LOCAL ${name} = ${value}`)
    .join('');
}
