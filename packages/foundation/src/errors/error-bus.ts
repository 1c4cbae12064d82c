import { type Logger, type RequestContext, requestContext } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import { isConnectionFailure } from './connection-failure.js';
import { ErrorMetrics } from './error-metrics.js';

/** Between two reports of connections that cannot be had, in ms. */
const OUTAGE_INTERVAL = 10_000;

/** An unexpected failure with the request that it happened in. */
export interface ErrorReport {
  readonly error: unknown;
  readonly context: Partial<RequestContext>;
}

/** Where reports go: a log, an error tracker. A sink that throws is ignored, one that hangs is not waited for. */
export type ErrorSink = (report: ErrorReport) => void | Promise<void>;

/** Carries unexpected failures to every sink without making the request wait. Bounded: beyond `capacity` waiting reports, new ones are counted and dropped; a report waits `sinkTimeout` ms for its sinks at most. */
export class ErrorBus {
  private readonly sinks: ErrorSink[] = [];
  private waiting: ErrorReport[] = [];
  private flushing: Promise<void> | undefined;
  dropped = 0;
  private counter: ErrorMetrics['unexpected'] | undefined;
  private lastOutage = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly capacity = 1000,
    private readonly sinkTimeout = 5_000,
  ) {}

  /** Counts every failure from now on, those too that are not reported. */
  countIn(metrics: Metrics): this {
    this.counter = metrics.of(ErrorMetrics).unexpected;
    return this;
  }

  addSink(sink: ErrorSink): this {
    this.sinks.push(sink);
    return this;
  }

  /** Of connections that cannot be had, one report in a while says it all. */
  publish(error: unknown): void {
    this.counter?.inc();
    if (isConnectionFailure(error) && !this.isNewOutage()) return;
    if (this.waiting.length >= this.capacity) {
      this.dropped += 1;
      return;
    }
    this.waiting.push({ error, context: requestContext.current() ?? {} });
    this.flushing ??= Promise.resolve().then(() => this.drain());
  }

  private isNewOutage(): boolean {
    const now = performance.now();
    const isNew = now - this.lastOutage > OUTAGE_INTERVAL;
    if (isNew) this.lastOutage = now;
    else this.dropped += 1;
    return isNew;
  }

  /** Resolves when every report published so far has been given to the sinks. */
  async flush(): Promise<void> {
    await this.flushing;
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const reports = this.waiting;
      this.waiting = [];
      for (const report of reports) await this.deliver(report);
    }
    this.flushing = undefined;
  }

  private async deliver(report: ErrorReport): Promise<void> {
    const delivered = Promise.allSettled(this.sinks.map(async (sink) => sink(report)));
    let overdue: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      overdue = setTimeout(resolve, this.sinkTimeout);
    });
    await Promise.race([delivered, patience]);
    clearTimeout(overdue);
  }
}

/** Writes each report as one error line, with the context of its request. */
export const logSink =
  (logger: Logger): ErrorSink =>
  ({ error, context }) =>
    logger.error({ ...context, err: error }, error instanceof Error ? firstLine(error.message) : 'unexpected error');

const firstLine = (message: string): string => (message.split('\n', 1)[0] ?? '').slice(0, 500);
