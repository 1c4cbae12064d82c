import { organizationErased } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { attemptEach } from '@platform/foundation/lifecycle';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { withoutTenant, withTenant } from '@platform/postgres/tenancy';
import { LessThanOrEqual } from 'typeorm';
import { Organization, OrganizationStatus } from '../../entities/index.js';

/** Organizations that one run erases. */
const MOST = 20;

/** Erases deleted organizations that can no longer be restored. Every identity process does; each organization is erased once, with its event. */
export class OrganizationErasure {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

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
    await attemptEach(due, ({ id }) => withTenant(id, () => this.erase(id)));
  }

  /** The row goes with its memberships and invitations; other subgraphs get the event. */
  private erase(id: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const where = { id, status: OrganizationStatus.DELETED, deletesAt: LessThanOrEqual(this.clock.now()) };
      const organization = await tx.findOne(Organization, { where, lock: { mode: 'pessimistic_write' } });
      if (!organization) return;
      await tx.delete(Organization, { id });
      await this.outbox.add(tx, organizationErased, { subject: id, actor: null, data: { organizationId: id } });
    });
  }
}
