import type { DatabaseConfig } from '@platform/foundation/config';
import { currentBounds, isHolding, kindOfWork } from '@platform/foundation/request-bounds';
import { FairGate, type Leave } from './fair-gate.js';

/** What the process does for itself. */
const ITSELF = { key: '', signedIn: true };
/** Below so many connections there is nothing to share. */
const FEWEST_SHARED = 4;
/** The share of those who may wait that each kind of work with a small share has. */
const SMALL_QUEUE = 0.25;

/** How many of a pool's connections each kind of work may have at a time. */
export function sharesOf(poolMax: number) {
  if (poolMax < FEWEST_SHARED)
    return {
      background: poolMax,
      requests: poolMax,
      anonymous: poolMax,
      expensive: poolMax,
      expensiveAnonymous: poolMax,
      waiting: poolMax,
    };
  const background = Math.max(2, Math.floor(poolMax / 5));
  const requests = poolMax - background;
  const expensive = Math.max(1, Math.floor(requests / 4));
  return {
    background,
    requests,
    anonymous: Math.floor((requests * 2) / 3),
    expensive,
    expensiveAnonymous: Math.max(1, Math.floor(expensive / 2)),
    waiting: expensive,
  };
}

/**
 * Who gets a connection of a pool next: requests and the process's own work have connections of their own; of those for requests, anonymous
 * callers have a part, and work that is expensive or waits for other subgraphs a small one each. Whoever holds a connection and needs another waits for no one's share.
 */
export class ConnectionShares {
  private readonly background: FairGate;
  private readonly requests: FairGate;
  private readonly small: Readonly<Record<'expensive' | 'waiting', FairGate>>;

  constructor({
    poolMax,
    queue,
    connectTimeout: acquireTimeout,
  }: Pick<DatabaseConfig, 'poolMax' | 'queue' | 'connectTimeout'>) {
    const shares = sharesOf(poolMax);
    const gate = (limit: number, anonymous: number, room: number) =>
      new FairGate({ limit, anonymous, room, acquireTimeout });
    this.background = gate(shares.background, shares.background, Number.POSITIVE_INFINITY);
    this.requests = gate(shares.requests, shares.anonymous, queue);
    const room = Math.ceil(queue * SMALL_QUEUE);
    this.small = {
      expensive: gate(shares.expensive, shares.expensiveAnonymous, room),
      waiting: gate(shares.waiting, shares.waiting, room),
    };
  }

  get waiting(): number {
    const gates = [this.background, this.requests, this.small.expensive, this.small.waiting];
    return gates.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** @throws ServiceBusy, DeadlineExceeded, RequestAbandoned; an Error when waiting takes too long */
  async enter(): Promise<Leave> {
    if (isHolding(this)) return () => {};
    const bounds = currentBounds();
    if (!bounds) return this.background.enter(ITSELF);
    const { asker, signal } = bounds;
    const kind = kindOfWork();
    if (!kind) return this.requests.enter(asker, signal);
    const leave = await this.small[kind].enter(asker, signal);
    try {
      const release = await this.requests.enter(asker, signal);
      return () => {
        release();
        leave();
      };
    } catch (error) {
      leave();
      throw error;
    }
  }
}
