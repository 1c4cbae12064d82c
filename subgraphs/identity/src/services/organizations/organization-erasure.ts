import { organizationErased } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { withoutTenant, withTenant } from '@platform/postgres/tenancy';
import { LessThanOrEqual } from 'typeorm';
import { Organization, OrganizationStatus } from '../../entities/index.js';

/** Organizations that are erased at one look. */
const MOST = 20;

/** Erases deleted organizations once they can be restored no more. Every identity process looks; each organization goes once, with the event that tells the others. */
export class OrganizationErasure implements LifecycleComponent {
  readonly name = 'organization-erasure';
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    /** In ms. */
    private readonly interval: number,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    this.timer = setInterval(() => {
      this.running = this.look();
    }, this.interval).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Erases those that are due. */
  async eraseDue(): Promise<void> {
    const due = await withoutTenant(() =>
      this.database.read.find(Organization, {
        select: { id: true },
        where: { deletesAt: LessThanOrEqual(this.clock.now()) },
        order: { deletesAt: 'ASC' },
        take: MOST,
      }),
    );
    for (const { id } of due) await withTenant(id, () => this.erase(id));
  }

  /** The row goes with its memberships and invitations; other subgraphs hear of it. */
  private erase(id: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const where = { id, status: OrganizationStatus.DELETED, deletesAt: LessThanOrEqual(this.clock.now()) };
      const organization = await tx.findOne(Organization, { where, lock: { mode: 'pessimistic_write' } });
      if (!organization) return;
      await tx.delete(Organization, { id });
      await this.outbox.add(tx, organizationErased, { subject: id, actor: null, data: { organizationId: id } });
    });
  }

  private async look(): Promise<void> {
    try {
      await this.eraseDue();
    } catch (error) {
      this.logger.warn({ err: error }, 'organization erasure failed; retrying at the next check');
    }
  }
}
