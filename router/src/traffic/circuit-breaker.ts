/** The states that a circuit breaker can be in. */
export const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;

export type BreakerState = (typeof BREAKER_STATES)[number];

export interface BreakerOptions {
  /** Share of failed requests within `window` (ms) from which on nothing is sent; 1 is only failures. */
  readonly failureRatio: number;
  /** Requests within the window before the share says anything. */
  readonly minimumRequests: number;
  readonly window: number;
  /** Ms without requests before some are tried. */
  readonly resetTimeout: number;
  /** Requests that are tried, and must all succeed, before everything is sent again. */
  readonly halfOpenRequests: number;
}

const SLICES = 10;

/** Sends nothing to what fails, tries a few requests after a while, and sends everything again once they succeed. */
export class CircuitBreaker {
  private current: BreakerState = 'closed';
  private slices: { at: number; total: number; failed: number }[] = [];
  private openedAt = 0;
  private probing = 0;
  private passed = 0;
  /** Outcomes of requests from before a change of state say nothing after it. */
  private epoch = 0;

  constructor(
    private readonly options: BreakerOptions,
    private readonly onChange: (state: BreakerState) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get state(): BreakerState {
    return this.current;
  }

  /** A ticket for one request, to be handed back with what became of it; undefined when none may be sent. */
  admit(): number | undefined {
    if (this.current === 'open' && this.now() - this.openedAt >= this.options.resetTimeout) this.become('half-open');
    if (this.current === 'open') return undefined;
    if (this.current === 'half-open') {
      if (this.probing + this.passed >= this.options.halfOpenRequests) return undefined;
      this.probing += 1;
    }
    return this.epoch;
  }

  succeeded(ticket: number): void {
    if (ticket !== this.epoch) return;
    if (this.current === 'closed') {
      this.count(0);
      return;
    }
    this.probing -= 1;
    this.passed += 1;
    if (this.passed >= this.options.halfOpenRequests) this.become('closed');
  }

  failed(ticket: number): void {
    if (ticket !== this.epoch) return;
    if (this.current === 'half-open') {
      this.become('open');
      return;
    }
    this.count(1);
    const { total, failed } = this.recent();
    if (total >= this.options.minimumRequests && failed / total >= this.options.failureRatio) this.become('open');
  }

  /** The request was given up for a reason of its caller: it says nothing. */
  withdrawn(ticket: number): void {
    if (ticket === this.epoch && this.current === 'half-open') this.probing -= 1;
  }

  private become(state: BreakerState): void {
    this.current = state;
    this.epoch += 1;
    this.probing = 0;
    this.passed = 0;
    this.slices = [];
    if (state === 'open') this.openedAt = this.now();
    this.onChange(state);
  }

  private count(failed: 0 | 1): void {
    const at = Math.floor((this.now() * SLICES) / this.options.window);
    let slice = this.slices.at(-1);
    if (slice?.at !== at) {
      slice = { at, total: 0, failed: 0 };
      this.slices = [...this.slices.filter((each) => each.at > at - SLICES), slice];
    }
    slice.total += 1;
    slice.failed += failed;
  }

  private recent(): { total: number; failed: number } {
    const oldest = Math.floor((this.now() * SLICES) / this.options.window) - SLICES;
    const sum = { total: 0, failed: 0 };
    for (const { at, total, failed } of this.slices) {
      if (at <= oldest) continue;
      sum.total += total;
      sum.failed += failed;
    }
    return sum;
  }
}
