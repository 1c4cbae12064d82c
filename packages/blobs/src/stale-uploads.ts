import type { ErrorBus } from '@platform/foundation/errors';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { BlobFolder } from './blob-folder.js';

/** Longer than any upload takes, in ms. */
const STALE_AFTER = 60 * 60 * 1_000;

/** Removes what is left of uploads whose process was killed, at the start and once an hour. */
export class StaleUploads implements LifecycleComponent {
  readonly name = 'stale-uploads';
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: BlobFolder,
    private readonly module: string,
    private readonly errors: ErrorBus,
  ) {}

  async start(): Promise<void> {
    this.remove();
    this.timer = setInterval(() => this.remove(), STALE_AFTER).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private remove(): void {
    const before = new Date(Date.now() - STALE_AFTER);
    this.running = this.folder.removeUnfinished(this.module, before).catch((error) => this.errors.publish(error));
  }
}
