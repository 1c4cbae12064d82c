import { type Caller, type RevocationVersions, userVersion } from '@platform/auth';
import { membershipReactivated, membershipRemoved, membershipSuspended } from '@platform/contracts';
import type { Outbox } from '@platform/outbox';
import { afterCommit } from '@platform/postgres/database';
import { withTenant } from '@platform/postgres/tenancy';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  Membership,
  MembershipNotFound,
  MembershipStatus,
  OrganizationNotFound,
  SingleOrganizationMode,
  UserNotFound,
} from '../../entities/index.js';
import { InputCheck, reason } from '../../entities/rules/index.js';
import type { AuthzClient } from '../authz-client.js';
import type { ManagedUsers } from '../managed-users.js';
import { activeOrganizations } from './memberships.js';

/** What happens to members of an organization. A member who loses access has none from the answer on, on every router. @throws SingleOrganizationMode in single mode: accounts are locked or deleted instead */
export class MemberService {
  constructor(
    private readonly outbox: Outbox,
    private readonly people: { readonly managed: ManagedUsers; readonly authz: AuthzClient },
    private readonly revocations: RevocationVersions,
    /** Whether there is one organization, which everybody belongs to. */
    private readonly single: boolean,
  ) {}

  /** @throws MembershipNotFound; BadUserInput; PERMISSION_NOT_HELD; LastAdministrator; ServiceUnavailable */
  suspend(actor: Caller, userId: string, why: string): Promise<Membership> {
    const check = new InputCheck('');
    const given = check.field('reason', () => reason(why));
    check.finish();
    return this.change(actor, userId, true, async (tx, membership) => {
      if (!membership.isActive) return;
      await this.become(tx, membership, MembershipStatus.SUSPENDED);
      await this.outbox.add(tx, membershipSuspended, {
        subject: membership.id,
        data: { ...announced(membership), reason: given },
      });
    });
  }

  /** @throws MembershipNotFound; PERMISSION_NOT_HELD; ServiceUnavailable */
  reactivate(actor: Caller, userId: string): Promise<Membership> {
    return this.change(actor, userId, false, async (tx, membership) => {
      if (membership.isActive) return;
      await this.become(tx, membership, MembershipStatus.ACTIVE);
      await this.outbox.add(tx, membershipReactivated, { subject: membership.id, data: announced(membership) });
    });
  }

  /** @throws MembershipNotFound; PERMISSION_NOT_HELD; LastAdministrator; ServiceUnavailable */
  async remove(actor: Caller, userId: string): Promise<true> {
    await this.change(actor, userId, true, (tx, membership) => this.end(tx, membership));
    return true;
  }

  /** Ends the caller's own membership of one of their organizations. @throws OrganizationNotFound; LastAdministrator; ServiceUnavailable */
  async leave(caller: Caller, userId: string, organizationId: string): Promise<true> {
    if (!isUuid(organizationId)) throw new OrganizationNotFound();
    const there = { ...caller, tenantId: organizationId.toLowerCase() };
    await withTenant(there.tenantId, () => this.remove(there, userId)).catch((error: unknown) => {
      throw error instanceof MembershipNotFound ? new OrganizationNotFound() : error;
    });
    return true;
  }

  private async change(
    actor: Caller,
    userId: string,
    endsSignIn: boolean,
    apply: (tx: EntityManager, membership: Membership) => Promise<void>,
  ): Promise<Membership> {
    if (this.single) throw new SingleOrganizationMode();
    const change = this.people.managed.change(actor, userId, {
      endsSignIn: () => endsSignIn,
      organizations: async (tx, user) => {
        const active = await activeOrganizations(tx, user);
        return active.filter((id) => id === actor.tenantId);
      },
      apply: async (tx, user) => {
        const membership = await memberIn(tx, user.id);
        await apply(tx, membership);
        await bumpVersions(tx, this.revocations, [userVersion(user.id)]);
        return membership;
      },
    });
    // Who is no member is as unknown as who does not exist.
    return change.catch((error: unknown) => {
      throw error instanceof UserNotFound ? new MembershipNotFound() : error;
    });
  }

  private async become(tx: EntityManager, membership: Membership, status: MembershipStatus): Promise<void> {
    membership.status = status;
    await tx.update(Membership, { id: membership.id }, { status });
  }

  private async end(tx: EntityManager, membership: Membership): Promise<void> {
    await tx.delete(Membership, { id: membership.id });
    await this.outbox.add(tx, membershipRemoved, { subject: membership.id, data: announced(membership) });
    afterCommit(tx, () => this.people.authz.releaseMember(membership.userId));
  }
}

const announced = ({ organizationId, userId }: Membership) => ({ organizationId, userId });

/** Of the organization that is acted for. @throws MembershipNotFound */
async function memberIn(manager: EntityManager, userId: string): Promise<Membership> {
  const membership = isUuid(userId) ? await manager.findOneBy(Membership, { userId }) : null;
  if (!membership) throw new MembershipNotFound();
  return membership;
}
