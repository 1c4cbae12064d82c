import type { HttpEndpoint } from '../endpoints/index.js';

export interface OutlierDetectionOptions {
  /** Failures in a row after which an instance gets nothing for a while. */
  readonly consecutiveFailures: number;
  /** For how long the first time, in ms; longer each further time. */
  readonly baseEjectionTime: number;
  /** Share of all instances that may be left out at a time. */
  readonly maxEjectionRatio: number;
}

const LONGEST = 10;

/** One instance of a subgraph, and how it has done lately. */
export class Instance {
  inFlight = 0;
  private failures = 0;
  private ejections = 0;
  private ejectedUntil = 0;

  constructor(
    readonly origin: string,
    readonly endpoint: HttpEndpoint,
    private readonly options: OutlierDetectionOptions,
  ) {}

  ejected(now: number): boolean {
    return now < this.ejectedUntil;
  }

  succeeded(): void {
    this.failures = 0;
    this.ejections = 0;
  }

  /** Whether it has failed so often that it should be left out. */
  failed(): boolean {
    this.failures += 1;
    return this.failures >= this.options.consecutiveFailures;
  }

  eject(now: number): void {
    this.failures = 0;
    this.ejections = Math.min(this.ejections + 1, LONGEST);
    this.ejectedUntil = now + this.options.baseEjectionTime * this.ejections;
  }
}
