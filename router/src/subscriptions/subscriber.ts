import { SubscriptionOverflow, Unauthenticated } from '@platform/foundation/errors';
import { Channel } from '@platform/foundation/streams';
import type { AccessClaims } from '../authentication/token-verifier.js';
import { toErrorResponse } from '../error-response.js';
import type { Result } from '../operation.js';

/** What a result without a text of its own takes, in bytes. */
const ERROR = 1_000;

/** The longest time that a timer takes, in ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** One client's stream of results. It ends by itself when the token expires, and when the client reads too slowly. */
export class Subscriber implements AsyncIterableIterator<Result, undefined> {
  private readonly results: Channel<Result>;
  private readonly leaving: (() => void)[] = [];
  private readonly expiry: NodeJS.Timeout | undefined;

  /** @param capacity results that may wait for the client. @param bytes what they may take besides one. */
  constructor(capacity: number, bytes: number, claims: AccessClaims | null) {
    const closed = () => {
      clearTimeout(this.expiry);
      for (const leave of this.leaving.splice(0)) leave();
    };
    this.results = new Channel(capacity, closed, { bytes, weigh: (result) => result.json?.().length ?? ERROR });
    if (claims) {
      const expired = () => this.end(new Unauthenticated('The access token has expired.'));
      this.expiry = setTimeout(expired, Math.min(claims.expiresAt - Date.now(), LONGEST_TIMER)).unref();
    }
  }

  /** Runs once, when the stream has ended, from whichever side. */
  onEnd(leave: () => void): void {
    if (this.results.closed) leave();
    else this.leaving.push(leave);
  }

  get ended(): boolean {
    return this.results.closed;
  }

  /** True once the client has been given everything. */
  get drained(): boolean {
    return this.results.drained;
  }

  push(result: Result): void {
    if (this.results.push(result) || this.results.closed) return;
    this.results.clear();
    this.end(new SubscriptionOverflow());
  }

  /** No more events: the subgraph has ended the stream. */
  complete(): void {
    this.results.end();
  }

  /** Tells the client why there is no more. */
  end(reason: unknown): void {
    this.results.end(toErrorResponse(reason).result);
  }

  /** Ends with an answer that says why. */
  endWith(last: Result): void {
    this.results.end(last);
  }

  next(): Promise<IteratorResult<Result, undefined>> {
    return this.results.next();
  }

  return(): Promise<IteratorResult<Result, undefined>> {
    return this.results.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
