import { once, setMaxListeners } from 'node:events';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { OutboundStream, StreamOptions } from '@platform/foundation/outbound';
import {
  type HeaderSource,
  type HttpEndpoint,
  InvalidSubgraphResponse,
  type SubgraphEndpoint,
  type SubgraphRequest,
  type SubgraphResponse,
} from '../endpoints/index.js';
import { Instance, type OutlierDetectionOptions } from './instance.js';
import type { InstanceMetrics } from './instance-metrics.js';
import type { InstanceSource } from './instance-source.js';

interface BalancedOptions {
  readonly subgraph: string;
  readonly source: InstanceSource;
  /** A way to the instance at the origin. */
  readonly open: (origin: string) => HttpEndpoint;
  readonly outlierDetection: OutlierDetectionOptions;
  readonly metrics?: InstanceMetrics;
}

/** No instance is known yet. */
export class NoInstances extends Error {
  constructor(subgraph: string) {
    super(`No instance of ${subgraph} is known`);
    this.name = 'NoInstances';
  }
}

/** How long a request waits for the first instances, in ms. */
const FIRST = 3_000;

/**
 * A subgraph with several instances. Of two that are drawn, the one with fewer open requests gets the next; one that
 * keeps failing is left out for a while. When so many fail that too few were left, all get requests again.
 */
export class BalancedEndpoint implements SubgraphEndpoint, LifecycleComponent {
  readonly name: string;
  private instances: readonly Instance[] = [];
  private readonly arrivals = new EventTarget();

  constructor(private readonly options: BalancedOptions) {
    const { subgraph, source, metrics } = options;
    setMaxListeners(0, this.arrivals); // any number of requests may wait for the first instance
    this.name = `instances of ${subgraph}`;
    metrics?.watch(subgraph, () => {
      const now = performance.now();
      const ejected = this.instances.filter((instance) => instance.ejected(now)).length;
      return { available: this.instances.length - ejected, ejected };
    });
    source.start((origins) => this.replace(origins));
  }

  /** @throws NoInstances, and what the instance fails with. */
  async execute(
    request: SubgraphRequest,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<SubgraphResponse> {
    const instance = await this.pick(signal);
    instance.inFlight += 1;
    try {
      const response = await instance.endpoint.execute(request, headers, signal);
      instance.succeeded();
      return response;
    } catch (error) {
      if (isItsFault(error, signal) && instance.failed()) this.eject(instance);
      throw error;
    } finally {
      instance.inFlight -= 1;
    }
  }

  async subscribe(
    request: SubgraphRequest,
    headers: HeaderSource,
    signal?: AbortSignal,
  ): Promise<AsyncIterableIterator<SubgraphResponse>> {
    return (await this.pick(signal)).endpoint.subscribe(request, headers, signal);
  }

  /** As of any endpoint behind HTTP, at one of the instances. @throws NoInstances, and what the instance fails with. */
  async stream(path: string, options: StreamOptions): Promise<OutboundStream> {
    return (await this.pick(options.signal)).endpoint.stream(path, options);
  }

  async stop(): Promise<void> {
    this.options.source.stop();
    await Promise.all(this.instances.map(({ endpoint }) => endpoint.stop()));
  }

  private async pick(signal: AbortSignal | undefined): Promise<Instance> {
    if (this.instances.length === 0) await this.firstInstances(signal);
    const now = performance.now();
    const healthy = this.instances.filter((instance) => !instance.ejected(now));
    const candidates = healthy.length > 0 ? healthy : this.instances;
    const first = Math.floor(Math.random() * candidates.length);
    const second = (first + 1 + Math.floor(Math.random() * (candidates.length - 1))) % candidates.length;
    const [one, other] = [candidates[first], candidates[second]];
    const chosen = one && other && other.inFlight < one.inFlight ? other : one;
    if (!chosen) throw new NoInstances(this.options.subgraph);
    return chosen;
  }

  private async firstInstances(signal: AbortSignal | undefined): Promise<void> {
    const patience = AbortSignal.timeout(FIRST);
    const until = signal ? AbortSignal.any([signal, patience]) : patience;
    await once(this.arrivals, 'instances', { signal: until }).catch(() => {});
  }

  private eject(instance: Instance): void {
    const now = performance.now();
    const { outlierDetection, metrics, subgraph } = this.options;
    const ejected = this.instances.filter((each) => each.ejected(now)).length;
    if ((ejected + 1) / this.instances.length > outlierDetection.maxEjectionRatio) return;
    instance.eject(now);
    metrics?.ejections.inc({ subgraph });
  }

  /** What is still there goes on with its connections; what is gone ends its open requests first. */
  private replace(origins: readonly string[]): void {
    const { open, outlierDetection } = this.options;
    const known = new Map(this.instances.map((instance) => [instance.origin, instance]));
    this.instances = origins.map((origin) => known.get(origin) ?? new Instance(origin, open(origin), outlierDetection));
    for (const [origin, { endpoint }] of known) if (!origins.includes(origin)) void endpoint.stop();
    this.arrivals.dispatchEvent(new Event('instances'));
  }
}

/** Neither an answer that every instance would give, nor a caller that went away; one that stops waiting for want of time blames the instance. */
const isItsFault = (error: unknown, signal: AbortSignal | undefined): boolean =>
  signal?.aborted
    ? /Timeout/.test((signal.reason as Error | undefined)?.name ?? '')
    : !(error instanceof InvalidSubgraphResponse) || error.status >= 500;
