import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import { withTenant } from '@platform/postgres/tenancy';
import type { KeyRotation } from './key-rotation.js';

/** Looks every so often whether the signing keys are due. Every identity process does; the first to get the lock rotates. */
export class RotationSchedule implements LifecycleComponent {
  readonly name = 'key-rotation';
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly rotation: KeyRotation,
    /** In ms. */
    private readonly checkInterval: number,
    /** Whose the events of it are. */
    private readonly tenantId: string,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    this.timer = setInterval(() => {
      this.running = this.look();
    }, this.checkInterval).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async look(): Promise<void> {
    try {
      const key = await withTenant(this.tenantId, () => this.rotation.rotateWhenDue());
      if (key) this.logger.info({ keyId: key.kid, signsFrom: key.signsFrom }, 'signing keys rotated');
    } catch (error) {
      this.logger.warn({ err: error }, 'signing key rotation failed; retrying at the next check');
    }
  }
}
