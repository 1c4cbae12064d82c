import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const requestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How often the lag of the event loop is measured, in ms, which is the least that it can be. Each measurement wakes the process: at the library's 10 an idle one did little else. */
const LAG_PRECISION = 50;

/**
 * The metrics of a process under their Prometheus names: instruments are declared beside the code that measures, and made once for each Metrics.
 * Durations are seconds. Each Metrics has a registry of its own, so that several processes' worth of parts can live in one.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly made = new Map<unknown, unknown>();
  private read = (): Promise<string> => this.registry.metrics();
  private evaluate: () => Promise<unknown> = async () => {};

  constructor() {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: LAG_PRECISION });
  }

  /** The instruments of one concern; who asks first makes them. */
  of<Instruments>(concern: new (metrics: Metrics) => Instruments): Instruments {
    if (!this.made.has(concern)) this.made.set(concern, new concern(this));
    return this.made.get(concern) as Instruments;
  }

  /** Every metric in Prometheus's text format, with what is evaluated for it. */
  async text(): Promise<string> {
    await this.refresh();
    return this.read();
  }

  /** Evaluates what is only known when it is asked for, so that a scrape tells of now. */
  async refresh(): Promise<void> {
    await this.evaluate();
  }

  /** Has `evaluate` done whenever the metrics are about to be read. */
  beforeRead(evaluate: () => Promise<unknown>): void {
    this.evaluate = evaluate;
  }

  /** Has `text` answer what others have counted too, where this process is one of several that stand for one. */
  readFrom(source: () => Promise<string>): void {
    this.read = source;
  }

  /** @param buckets seconds of a request where others are not given. */
  histogram<L extends string>(name: string, help: string, labelNames: L[], buckets = requestSeconds): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** @param collect sets it whenever the metrics are read. @param aggregator what several workers' values come to. */
  gauge<L extends string>(
    name: string,
    help: string,
    labelNames: L[],
    collect?: () => void,
    aggregator: 'sum' | 'min' | 'max' = 'sum',
  ): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry], collect, aggregator });
  }
}
