/** At most so many at a time, and so many that wait for their turn. */
export class ConcurrencyBound {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly limit: number,
    private readonly queueLimit: number,
  ) {}

  get inFlight(): number {
    return this.running;
  }

  get queued(): number {
    return this.waiting.size;
  }

  /** Whether one more would be turned away. */
  get full(): boolean {
    return this.running >= this.limit && this.waiting.size >= this.queueLimit;
  }

  /** Resolves when it is one's turn, first come first served; `leave` must follow. Rejects with the signal's reason. */
  enter(signal: AbortSignal | undefined): Promise<void> | undefined {
    if (this.running < this.limit) {
      this.running += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        signal?.removeEventListener('abort', gone);
        resolve();
      };
      const gone = (): void => {
        this.waiting.delete(turn);
        reject(signal?.reason);
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', gone, { once: true });
      this.waiting.add(turn);
    });
  }

  /** The next in the queue takes the place over. */
  leave(): void {
    const [next] = this.waiting;
    if (!next) {
      this.running -= 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
