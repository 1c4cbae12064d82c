import { OperatorError } from '../errors/index.js';
import type { Logger } from '../logging/index.js';

/** Something with a life inside a process: a pool, a server, a relay. Both ends are optional. */
export interface LifecycleComponent {
  readonly name: string;
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

/** Starts parts in the order they were added and stops them in reverse. A failed start stops what had started; a stop that takes longer than `shutdownTimeout` (ms, for all parts together) is given up. */
export class Lifecycle implements LifecycleComponent {
  readonly name: string;
  private readonly parts: LifecycleComponent[] = [];
  private readonly started: LifecycleComponent[] = [];

  constructor(
    private readonly logger: Logger,
    private readonly options: { shutdownTimeout: number; name?: string },
  ) {
    this.name = options.name ?? 'process';
  }

  add(...parts: LifecycleComponent[]): this {
    this.parts.push(...parts);
    return this;
  }

  async start(): Promise<void> {
    for (const part of this.parts) {
      try {
        await part.start?.();
        this.started.push(part);
      } catch (error) {
        // What an operator can mend is said once, by whoever started the process.
        if (!(error instanceof OperatorError))
          this.logger.error({ component: part.name, err: error }, 'component start failed; shutting down');
        await this.stop();
        throw error;
      }
    }
  }

  async stop(): Promise<void> {
    let overdue: NodeJS.Timeout | undefined;
    const deadline = new Promise<'overdue'>((resolve) => {
      overdue = setTimeout(resolve, this.options.shutdownTimeout, 'overdue');
    });
    for (let part = this.started.pop(); part; part = this.started.pop()) {
      const outcome = await Promise.race([this.stopOne(part), deadline]);
      if (outcome === 'overdue')
        this.logger.error({ component: part.name }, 'component stop timed out; continuing shutdown');
    }
    clearTimeout(overdue);
  }

  private async stopOne(part: LifecycleComponent): Promise<void> {
    try {
      await part.stop?.();
    } catch (error) {
      this.logger.error({ component: part.name, err: error }, 'component stop failed; continuing shutdown');
    }
  }
}
