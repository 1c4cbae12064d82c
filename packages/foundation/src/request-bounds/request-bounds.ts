import { AsyncLocalStorage } from 'node:async_hooks';
import { DeadlineExceeded, RequestAbandoned } from '../errors/index.js';
import type { Asker } from '../fair-shares/index.js';

/** Tells a subgraph how many ms it has before nobody waits for its answer any more. */
export const TIMEOUT_HEADER = 'x-timeout-ms';

/** What is put by of the time that a request has, for a commit and for the way back: a share, and at most so many ms. */
const RESERVE = { share: 0.1, ms: 250 };
const LONGEST_TIMEOUT = 600_000;
/** Why nothing more is done for a request that has its answer. */
const ANSWERED = new RequestAbandoned();

interface Limits {
  /** In ms; left out where nobody has said. */
  readonly timeoutMs?: number;
  /** Fires when the client is gone. */
  readonly signal?: AbortSignal;
}

/** For whom a request is worked on, and for how long. */
export class RequestBounds {
  private readonly over = new AbortController();
  private readonly answerBy: number;
  private readonly workUntil: number;
  private timer: NodeJS.Timeout | undefined;
  private readonly leave = (): void => this.over.abort(new RequestAbandoned());

  constructor(
    readonly asker: Asker,
    private readonly limits: Limits = {},
  ) {
    const { timeoutMs = Number.POSITIVE_INFINITY, signal } = limits;
    this.answerBy = performance.now() + timeoutMs;
    this.workUntil = this.answerBy - Math.min(timeoutMs * RESERVE.share, RESERVE.ms);
    this.endAt(this.workUntil);
    if (signal?.aborted) this.leave();
    else signal?.addEventListener('abort', this.leave, { once: true });
  }

  /** Fires when no more work is to be done, with the error that says why. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  /** In ms, until no more work is to be done; infinite where nobody has said. */
  get left(): number {
    return Math.max(0, this.workUntil - performance.now());
  }

  /** The last moment to keep a change from happening. What follows a commit has the time that was put by. @throws DeadlineExceeded, RequestAbandoned */
  beginCommit(): void {
    this.signal.throwIfAborted();
    if (this.left === 0) throw new DeadlineExceeded();
    this.endAt(this.answerBy);
  }

  /** Runs `work`, and whatever it awaits, within these bounds, and then ends what is still going on for it. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await storage.run({ bounds: this, holding: new Set() }, work);
    } finally {
      clearTimeout(this.timer);
      this.limits.signal?.removeEventListener('abort', this.leave);
      this.over.abort(ANSWERED);
    }
  }

  private endAt(time: number): void {
    clearTimeout(this.timer);
    if (time === Number.POSITIVE_INFINITY) return;
    const end = (): void => this.over.abort(new DeadlineExceeded());
    this.timer = setTimeout(end, Math.max(0, time - performance.now())).unref();
  }
}

/** Kinds of work that have a small share of the connections each: what costs much, and what holds one while another subgraph is asked. */
type Kind = 'expensive' | 'waiting';

interface Scope {
  readonly bounds: RequestBounds | undefined;
  /** Pools of which the running code has a connection already. */
  readonly holding: ReadonlySet<object>;
  readonly kind?: Kind;
}

const storage = new AsyncLocalStorage<Scope>();
const outside: Scope = { bounds: undefined, holding: new Set() };

/** What bounds the running code; outside of requests nothing does. */
export const currentBounds = (): RequestBounds | undefined => storage.getStore()?.bounds;

/** The kind of the running code, where it is one that few may do at a time. */
export const kindOfWork = (): Kind | undefined => storage.getStore()?.kind;

const ofKind = <T>(kind: Kind, work: () => Promise<T>): Promise<T> =>
  storage.run({ ...(storage.getStore() ?? outside), kind }, work);

/** Marks what `work` asks of the database as a kind that has a small share of the connections: searches, counts, listings of everybody. */
export const expensive = <T>(work: () => Promise<T>): Promise<T> => ofKind('expensive', work);

/** Marks transactions in which another subgraph is asked: when that is slow, it holds their share of the connections, and nobody else's. */
export const waitingForOthers = <T>(work: () => Promise<T>): Promise<T> => ofKind('waiting', work);

/** Runs what is done for more than the current request: it does not end with it. */
export const unbounded = <T>(work: () => T): T => storage.run(outside, work);

/** Whether the running code holds a connection of the pool: it must not wait for another behind those who wait for its own. */
export const isHolding = (pool: object): boolean => storage.getStore()?.holding.has(pool) === true;

/** Runs `work` as the holder of a connection. */
export function holding<T>(pool: object, work: () => Promise<T>): Promise<T> {
  const scope = storage.getStore() ?? outside;
  return storage.run({ ...scope, holding: new Set(scope.holding).add(pool) }, work);
}

/** The time that a request has by its header; undefined where that is missing, or no time. */
export function timeoutOf(headers: Readonly<Record<string, unknown>>): number | undefined {
  const value = headers[TIMEOUT_HEADER];
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) return undefined;
  return Math.min(Number(value), LONGEST_TIMEOUT);
}
