import type { Logger } from '../logging/index.js';
import type { LifecycleComponent } from './lifecycle.js';

interface PeriodicOptions {
  readonly name: string;
  /** From one run to the next, in ms. */
  readonly interval: number;
  /** Logged with what a run failed with; the next run tries again. */
  readonly failure: string;
  readonly logger: Logger;
}

/** Work that a process repeats by the clock. A run that takes longer than the interval is not begun a second time; `stop` waits for it. */
export class Periodic implements LifecycleComponent {
  readonly name: string;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly options: PeriodicOptions,
  ) {
    this.name = options.name;
  }

  async start(): Promise<void> {
    this.timer = setInterval(() => {
      this.running ??= this.run();
    }, this.options.interval).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.options.logger.warn({ err: error }, this.options.failure);
    } finally {
      this.running = undefined;
    }
  }
}
