import { currentAsker, FairQueue } from '@platform/foundation/fair-shares';

interface Turn {
  take(): void;
  drop(): void;
}

/** At most so many at a time, and so many that wait for their turn, in fair shares. */
export class ConcurrencyLimiter {
  private running = 0;
  private readonly waiting: FairQueue<Turn>;

  /** @param queueLimit of callers who signed in, and as many of anonymous ones. */
  constructor(
    private readonly limit: number,
    queueLimit: number,
  ) {
    this.waiting = new FairQueue(queueLimit, (turn) => turn.drop());
  }

  get inFlight(): number {
    return this.running;
  }

  get queued(): number {
    return this.waiting.size;
  }

  /** Resolves when it is one's turn; `leave` must follow. Rejects with the signal's reason, or with what `full` makes when there is no room to wait. */
  enter(signal: AbortSignal | undefined, full: () => Error): Promise<void> | undefined {
    if (this.running < this.limit) {
      this.running += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const over = (): void => signal?.removeEventListener('abort', gone);
      const turn: Turn = {
        take: () => {
          over();
          resolve();
        },
        drop: () => {
          over();
          reject(full());
        },
      };
      const gone = (): void => {
        this.waiting.remove(turn);
        reject(signal?.reason);
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', gone, { once: true });
      if (!this.waiting.add(currentAsker(), turn)) turn.drop();
    });
  }

  /** The next in the queue takes the place over. */
  leave(): void {
    const next = this.waiting.take()?.item;
    if (next) next.take();
    else this.running -= 1;
  }
}
