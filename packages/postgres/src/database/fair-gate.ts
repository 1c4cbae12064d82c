import { ServiceBusy } from '@platform/foundation/errors';
import { type Asker, FairQueue } from '@platform/foundation/fair-shares';

interface GateLimits {
  /** How many may be inside at a time. */
  readonly limit: number;
  /** How many of these may be there for anonymous callers. */
  readonly anonymous: number;
  /** How many may wait of callers who signed in, and as many anonymous ones. */
  readonly room: number;
  /** How long one may wait, in ms. */
  readonly acquireTimeout: number;
}

interface Waiter {
  begin(): void;
  refuse(error: unknown): void;
}

/** To be called once, by whoever is inside. */
export type Leave = () => void;

/** Lets so many in at a time; others wait in fair turns, and are refused at once where too many wait. */
export class FairGate {
  private inside = 0;
  private anonymousInside = 0;
  private readonly queue: FairQueue<Waiter>;

  constructor(private readonly limits: GateLimits) {
    this.queue = new FairQueue(limits.room, (waiter) => waiter.refuse(new ServiceBusy()));
  }

  get waiting(): number {
    return this.queue.size;
  }

  /** Whoever waits leaves when the signal fires. @throws ServiceBusy; the signal's reason; an Error when waiting takes too long */
  async enter(asker: Asker, signal?: AbortSignal): Promise<Leave> {
    signal?.throwIfAborted();
    if (!this.hasRoom(asker.signedIn)) await this.turn(asker, signal);
    else this.count(asker, 1);
    const since = performance.now();
    return () => {
      this.count(asker, -1);
      this.queue.charge(asker, performance.now() - since);
      this.admit();
    };
  }

  /** Resolves when the asker has been let in. */
  private async turn(asker: Asker, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const begin = (): void => {
      this.count(asker, 1);
      resolve();
    };
    const waiter = { begin, refuse: reject };
    if (!this.queue.add(asker, waiter)) throw new ServiceBusy();
    const leave = (reason: unknown): void => {
      if (this.queue.remove(waiter)) reject(reason);
    };
    const { acquireTimeout } = this.limits;
    const timedOut = new Error(
      `No connection was free within ${acquireTimeout} ms: timeout exceeded when trying to connect`,
    );
    const timer = setTimeout(() => leave(timedOut), acquireTimeout);
    const abandoned = (): void => leave(signal?.reason);
    signal?.addEventListener('abort', abandoned, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abandoned);
    }
  }

  private admit(): void {
    while (this.hasRoom(true)) {
      const next = this.queue.take({ signedInOnly: !this.hasRoom(false) });
      if (!next) return;
      next.item.begin();
    }
  }

  private hasRoom(signedIn: boolean): boolean {
    const { limit, anonymous } = this.limits;
    return this.inside < limit && (signedIn || this.anonymousInside < anonymous);
  }

  private count({ signedIn }: Asker, change: 1 | -1): void {
    this.inside += change;
    if (!signedIn) this.anonymousInside += change;
  }
}
