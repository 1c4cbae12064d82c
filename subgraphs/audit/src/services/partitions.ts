import type { ErrorBus } from '@platform/foundation/errors';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Database } from '@platform/postgres/database';
import { withoutTenant } from '@platform/postgres/tenancy';

const DAY = 24 * 60 * 60 * 1_000;

/** Makes the months' partitions ahead of time: at start, and once a day. */
export class Partitions implements LifecycleComponent {
  readonly name = 'audit-partitions';
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly monthsAhead: number,
    private readonly errors: ErrorBus,
  ) {}

  async start(): Promise<void> {
    await this.make();
    this.timer = setInterval(() => void this.make().catch((error: unknown) => this.errors.publish(error)), DAY);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
  }

  private async make(): Promise<void> {
    await withoutTenant(() => this.database.read.query('SELECT make_partitions($1)', [this.monthsAhead]));
  }
}
