import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isConnectionFailure } from '@platform/foundation/errors';
import { currentBounds } from '@platform/foundation/request-bounds';
import pg from 'pg';
import type { ConnectionShares } from './connection-shares.js';

type Release = (error?: Error | boolean) => void;
type Give = (error: Error | undefined, client?: pg.PoolClient, release?: Release) => void;

/** A pool that gives its connections by shares. A request that is over waits for none. */
export function sharedPool(shares: ConnectionShares): typeof pg.Pool {
  return class SharedPool extends pg.Pool {
    override connect(callback?: unknown): never {
      const give = callback as Give;
      const signal = currentBounds()?.signal;
      const open = (give: Give): void => super.connect(give as Parameters<pg.Pool['connect']>[0]);
      shares.enter().then((leave) => {
        const giveOnce = once(give, signal);
        open((error, client, release) => {
          const done: Release = (failure) => {
            release?.(failure);
            leave();
          };
          if (error || !client) leave();
          if (!giveOnce(error, client, done) && client) done();
        });
      }, give);
      return undefined as never;
    }
  };
}

/** Asks once more, on another connection than the one that was lost. @throws the failure when that is lost as well */
export async function repeated(pool: pg.Pool, statement: string, values: unknown[] | undefined, failure: unknown) {
  // Connections that were lost together are noticed together: not one of them is taken for good.
  await nextTurn();
  if (repeating.getStore()) throw failure;
  const [client, release] = await new Promise<[pg.PoolClient, Release]>((resolve, reject) => {
    pool.connect((error, given, done) => (error || !given ? reject(error) : resolve([given, done])));
  });
  let lost = false;
  try {
    return await repeating.run(true, () => client.query(statement, values));
  } catch (error) {
    lost = isConnectionFailure(error);
    throw error;
  } finally {
    release(lost);
  }
}

/** Whether the running statement is one that is asked once more. */
const repeating = new AsyncLocalStorage<boolean>();

/** Gives what comes first: what is waited for, or the signal. The answered function says whether it was in time. */
function once(give: Give, signal: AbortSignal | undefined): (...given: Parameters<Give>) => boolean {
  let given = false;
  const first = (...what: Parameters<Give>): boolean => {
    if (given) return false;
    given = true;
    signal?.removeEventListener('abort', abandon);
    give(...what);
    return true;
  };
  const abandon = (): void => void first(signal?.reason);
  signal?.addEventListener('abort', abandon);
  return first;
}
