import type { IContextualizedStats, IPathErrorStats } from '@apollo/usage-reporting-protobuf';
import { DurationHistogram } from './duration-histogram.js';
import type { OperationRecord, ReportedError } from './operation-record.js';

/** How one client's requests of one operation went, in numbers. */
export class ClientStats {
  private readonly latency = new DurationHistogram();
  private readonly errors = new ErrorTree();
  private requests = 0;
  private persistedQueryHits = 0;
  private failed = 0;

  constructor(private readonly client: { readonly clientName: string; readonly clientVersion: string }) {}

  add({ durationMs, errors, persistedQueryHit }: OperationRecord): void {
    this.requests += 1;
    this.latency.add(durationMs * 1e6);
    if (persistedQueryHit) this.persistedQueryHits += 1;
    if (errors.length > 0) this.failed += 1;
    this.errors.add(errors);
  }

  toMessage(): IContextualizedStats {
    return {
      context: this.client,
      queryLatencyStats: {
        latencyCount: this.latency.toArray(),
        requestCount: this.requests,
        requestsWithoutFieldInstrumentation: this.requests,
        persistedQueryHits: this.persistedQueryHits,
        requestsWithErrorsCount: this.failed,
        rootErrorStats: this.errors.toMessage(),
      },
    };
  }
}

/** Errors by the subgraph that they came from, then by the fields of their path. */
class ErrorTree {
  private readonly children = new Map<string, ErrorTree>();
  private errors = 0;
  private requests = 0;

  /** The errors of one request. */
  add(errors: readonly ReportedError[]): void {
    const places = errors.map(({ service, path }) => {
      const fields = path.filter((step) => typeof step === 'string');
      return this.descend(service === undefined ? fields : [`service:${service}`, ...fields]);
    });
    for (const place of places) place.errors += 1;
    for (const place of new Set(places)) place.requests += 1;
  }

  toMessage(): IPathErrorStats {
    return {
      children: Object.fromEntries([...this.children].map(([step, child]) => [step, child.toMessage()])),
      errorsCount: this.errors,
      requestsWithErrorsCount: this.requests,
    };
  }

  private descend([step, ...rest]: readonly string[]): ErrorTree {
    if (step === undefined) return this;
    let child = this.children.get(step);
    if (!child) {
      child = new ErrorTree();
      this.children.set(step, child);
    }
    return child.descend(rest);
  }
}
