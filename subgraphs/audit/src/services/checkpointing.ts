import type { ErrorBus } from '@platform/foundation/errors';
import type { HealthCheck } from '@platform/foundation/health';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { acrossTenants } from '@platform/postgres/tenancy';
import type { Checkpoints } from './checkpoints.js';

/** In ms: where nothing has changed for so long, everything is looked at again. */
const TRUSTED = 60_000;

/** Makes and keeps checkpoints for as long as the process lives. A failure is reported once, shows in `/ready`, and is tried again. */
export class Checkpointing implements LifecycleComponent {
  readonly name = 'audit-checkpoints';
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = true;
  private failure: Error | undefined;
  /** How the log stood when everything was last found made and kept. */
  private settled: { readonly standing: string; readonly until: number } | undefined;

  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly interval: number,
    private readonly errors: ErrorBus,
  ) {}

  get check(): HealthCheck {
    return {
      name: this.name,
      severity: 'soft',
      check: async () => {
        if (this.failure) throw this.failure;
      },
    };
  }

  async start(): Promise<void> {
    this.stopped = false;
    this.schedule();
  }

  /** A last checkpoint covers what was recorded until now. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
    await this.turn();
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.turn().finally(() => this.schedule());
    }, this.interval);
    this.timer.unref();
  }

  private turn(): Promise<void> {
    return acrossTenants(() => this.turnOfEveryTenant());
  }

  private async turnOfEveryTenant(): Promise<void> {
    try {
      const standing = await this.checkpoints.standing();
      if (this.settled?.standing === standing && performance.now() < this.settled.until) return;
      const outcome = await this.checkpoints.make();
      await this.checkpoints.keep();
      if (outcome !== 'another process') this.settled = { standing, until: performance.now() + TRUSTED };
      this.failure = undefined;
    } catch (error) {
      this.settled = undefined;
      if (this.failure?.message !== (error as Error).message) this.errors.publish(error);
      this.failure = error as Error;
    }
  }
}
