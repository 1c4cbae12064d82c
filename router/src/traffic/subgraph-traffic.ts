import { setTimeout as wait } from 'node:timers/promises';
import { SubgraphUnavailable } from '@platform/federation-engine';
import { TIMEOUT_HEADER } from '@platform/foundation/request-bounds';
import type { SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from '@platform/subgraph-client/endpoints';
import { CircuitBreaker } from './circuit-breaker.js';
import { ConcurrencyLimiter } from './concurrency-limiter.js';
import { type Failure, failureOf } from './failures.js';
import { hedgeRequest } from './hedge-request.js';
import type { TrafficShapingConfig } from './options.js';
import { RetryBudget } from './retry-budget.js';
import type { TrafficMetrics } from './traffic-metrics.js';

interface Call {
  readonly endpoint: SubgraphEndpoint;
  readonly request: SubgraphRequest;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal | undefined;
  /** When nobody wants the answer any more, by performance.now(). */
  readonly deadline: number;
  /** Whether asking twice changes nothing. */
  readonly repeatable: boolean;
}

/** What a failure is called in the metrics. */
const OUTCOMES: Readonly<Record<Failure, string>> = { faulty: 'error', answered: 'invalid', unwanted: 'cancelled' };

/** What is remembered of one subgraph from call to call, and the way to it: a queue, then retries, then the breaker. */
export class SubgraphTraffic {
  private readonly bound: ConcurrencyLimiter;
  private readonly budget: RetryBudget;
  private readonly breaker: CircuitBreaker;

  constructor(
    private readonly subgraph: string,
    private readonly shaping: TrafficShapingConfig,
    private readonly timeoutMs: number,
    private readonly metrics: TrafficMetrics,
    onBreaker: (state: CircuitBreaker['state']) => void,
  ) {
    this.bound = new ConcurrencyLimiter(shaping.concurrency.limit, shaping.concurrency.queue);
    this.budget = new RetryBudget(shaping.retry.budgetRatio);
    this.breaker = new CircuitBreaker(shaping.breaker, onBreaker);
    metrics.watch(subgraph, () => ({
      inFlight: this.bound.inFlight,
      queued: this.bound.queued,
      breaker: this.breaker.state,
    }));
  }

  /** @throws SubgraphUnavailable without having sent anything, when too many wait or the breaker is open. */
  async execute(
    endpoint: SubgraphEndpoint,
    request: SubgraphRequest,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<SubgraphResponse> {
    const call = {
      endpoint,
      request,
      headers,
      signal,
      deadline: performance.now() + this.timeoutMs,
      repeatable: /^\s*(query\b|\{)/.test(request.query),
    };
    await this.bound.enter(signal, () => this.refusal('queue_full', 'Too many requests wait for it'));
    try {
      return await this.attempts(call);
    } finally {
      this.bound.leave();
    }
  }

  private async attempts(call: Call): Promise<SubgraphResponse> {
    this.budget.deposit();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.attempt(call);
      } catch (error) {
        if (!this.mayRetry(call, attempt, error)) throw error;
        await wait(this.pauseBefore(attempt), undefined, { signal: call.signal });
      }
    }
  }

  private attempt(call: Call): Promise<SubgraphResponse> {
    const { hedgeDelay } = this.shaping;
    if (hedgeDelay === null || !call.repeatable) return this.send(call, call.signal);
    const mayHedge = (): boolean => {
      const may = this.budget.withdraw();
      if (may) this.metrics.hedges.inc({ subgraph: this.subgraph });
      return may;
    };
    return hedgeRequest((signal) => this.send(call, signal), hedgeDelay, mayHedge, call.signal);
  }

  private async send(
    { endpoint, request, headers, deadline }: Call,
    signal: AbortSignal | undefined,
  ): Promise<SubgraphResponse> {
    const ticket = this.shaping.breaker.enabled ? this.breaker.admit() : -1;
    if (ticket === undefined) throw this.refusal('circuit_open', 'It has failed too often');
    const started = performance.now();
    const left = Math.max(1, Math.round(deadline - started));
    try {
      const response = await endpoint.execute(request, { ...headers, [TIMEOUT_HEADER]: String(left) }, signal);
      this.breaker.succeeded(ticket);
      this.measure('success', started);
      return response;
    } catch (error) {
      const failure = failureOf(error, signal);
      this.measure(OUTCOMES[failure], started);
      if (failure === 'faulty') this.breaker.failed(ticket);
      else if (failure === 'answered') this.breaker.succeeded(ticket);
      else this.breaker.withdrawn(ticket);
      throw error;
    }
  }

  private measure(outcome: string, started: number): void {
    const seconds = (performance.now() - started) / 1000;
    this.metrics.requestDuration.observe({ subgraph: this.subgraph, outcome }, seconds);
  }

  private mayRetry({ repeatable, signal }: Call, attempt: number, error: unknown): boolean {
    if (!repeatable || signal?.aborted || attempt >= this.shaping.retry.attempts) return false;
    if (error instanceof SubgraphUnavailable || failureOf(error, signal) !== 'faulty') return false;
    const may = this.budget.withdraw();
    this.metrics.retries.inc({ subgraph: this.subgraph, result: may ? 'retried' : 'over_budget' });
    return may;
  }

  /** Doubling, and anywhere between nothing and that, so that routers do not come back all at once. */
  private pauseBefore(attempt: number): number {
    return this.shaping.retry.backoff * 2 ** attempt * Math.random();
  }

  private refusal(reason: 'queue_full' | 'circuit_open', message: string): SubgraphUnavailable {
    this.metrics.rejected.inc({ subgraph: this.subgraph, reason });
    return new SubgraphUnavailable(this.subgraph, new Error(message));
  }
}
