import type { TracingConfig } from '../config/index.js';
import type { LifecycleComponent } from '../lifecycle/index.js';
import { traceRedis } from './redis-spans.js';
import { enableSpans } from './spans.js';

/** Sends this process's spans to where `tracing.exporter` says. Started before everything else and stopped after it, so that the last spans leave too. */
export class Tracing implements LifecycleComponent {
  readonly name = 'tracing';
  private sdk: { shutdown(): Promise<void> } | undefined;
  private unfollow: (() => void) | undefined;

  constructor(
    private readonly config: TracingConfig,
    private readonly resource: { readonly service: string; readonly version: string },
  ) {
    if (config.exporter !== 'none') enableSpans();
  }

  async start(): Promise<void> {
    if (this.config.exporter === 'none') return;
    // The SDK weighs 20 MB: a process that does not trace does not load it.
    const { startSdk } = await import('./sdk.js');
    this.sdk = startSdk(this.config, this.resource);
    this.unfollow = traceRedis();
  }

  async stop(): Promise<void> {
    this.unfollow?.();
    // A collector that is away must not keep a process from ending.
    await this.sdk?.shutdown().catch(() => undefined);
  }
}
