/** Retries that may be saved up. */
const MOST = 10;

/** Lets retries be a share of requests: a subgraph that fails altogether gets little more than its usual traffic. */
export class RetryBudget {
  private tokens = MOST;

  /** @param share retries per request, in the long run. */
  constructor(private readonly share: number) {}

  /** A request was sent for the first time. */
  deposit(): void {
    this.tokens = Math.min(MOST, this.tokens + this.share);
  }

  /** Whether one more request may be sent. */
  withdraw(): boolean {
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
