import { type RevocationVersions, userVersion } from '@platform/auth';
import { membershipCreated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { actingTenant } from '@platform/postgres/tenancy';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import type { EntityManager } from 'typeorm';
import { AlreadyMember, LimitReached, Membership } from '../../entities/index.js';
import type { AuthzClient } from '../authz-client.js';
import { MAX_MEMBERS, MAX_MEMBERSHIPS } from './limits.js';

/** How somebody becomes a member. */
interface NewMember {
  /** With their row locked. */
  readonly userId: string;
  readonly roleIds: readonly string[];
  readonly invitedBy: string | null;
  readonly via: 'creation' | 'invitation' | 'operator';
}

/** Makes people members of the organization that is acted for. The membership and its roles are there at once, or neither is. */
export class Admission {
  constructor(
    private readonly authz: AuthzClient,
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly clock: Clock,
    /** The one organization, which every account belongs to from the start; null where there are several. */
    readonly home: string | null,
  ) {}

  /** @throws AlreadyMember, LimitReached, ServiceUnavailable when authz does not answer */
  async admit(tx: EntityManager, member: NewMember): Promise<Membership> {
    const already = await tx.findOneBy(Membership, { userId: member.userId });
    if (already) return this.giveMore(already, member);
    await this.assertRoom(tx, member.userId);
    const membership = await this.insert(tx, member);
    await this.authz.admitMember(member.userId, member.roleIds);
    return membership;
  }

  /** A user whose account an operator has made. In single mode the account is a member already. */
  async admitCreated(tx: EntityManager, userId: string, operator: string | null): Promise<void> {
    if (this.home === null) await this.admit(tx, { userId, roleIds: [], invitedBy: operator, via: 'operator' });
  }

  /** The first member, to whom authz gives the role of administrators. */
  async found(tx: EntityManager, userId: string): Promise<Membership> {
    await this.assertRoom(tx, userId);
    const membership = await this.insert(tx, { userId, roleIds: [], invitedBy: null, via: 'creation' });
    await this.authz.establishOrganization(userId);
    return membership;
  }

  /** Where everybody belongs to one organization, who has an account already gets the roles. @throws AlreadyMember */
  private async giveMore(membership: Membership, { userId, roleIds }: NewMember): Promise<Membership> {
    if (this.home === null) throw new AlreadyMember();
    await this.authz.admitMember(userId, roleIds);
    return membership;
  }

  private async insert(tx: EntityManager, { userId, invitedBy, via }: NewMember): Promise<Membership> {
    const membership = Membership.create(actingTenant(), userId, invitedBy, this.clock.now());
    await tx.insert(Membership, membership);
    const data = { organizationId: membership.organizationId, userId, via };
    await this.outbox.add(tx, membershipCreated, { subject: membership.id, data });
    await bumpVersions(tx, this.revocations, [userVersion(userId)]);
    return membership;
  }

  private async assertRoom(tx: EntityManager, userId: string): Promise<void> {
    if (this.home !== null) return;
    const [{ own, members }] = await tx.query<[{ own: number; members: number }]>(
      `SELECT (SELECT count(*)::int FROM memberships_of($1)) AS own,
         (SELECT count(*)::int FROM (SELECT FROM memberships LIMIT $2) AS counted) AS members`,
      [userId, MAX_MEMBERS],
    );
    if (own >= MAX_MEMBERSHIPS) throw new LimitReached(MAX_MEMBERSHIPS, 'memberships of one user');
    if (members >= MAX_MEMBERS) throw new LimitReached(MAX_MEMBERS, 'members of an organization');
  }
}
