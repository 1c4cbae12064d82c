import type { Clock } from '@platform/foundation/clock';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  Membership,
  MembershipStatus,
  MembershipSuspended,
  MfaEnrollmentRequired,
  Organization,
  OrganizationNotFound,
  OrganizationSuspended,
  type Session,
  type User,
} from '../../entities/index.js';

/** In which organizations a person may act. The functions of the database give the rows of one person alone, whichever tenant is acted for. */
export class Memberships {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The user's memberships, the oldest first. */
  of(userId: string): Promise<Membership[]> {
    return membershipsOf(this.database.read, userId);
  }

  /** Where a session of the user begins: in the last organization, else that of the oldest membership; null where they may act in none. */
  async entered(
    manager: EntityManager,
    { id, lastOrganizationId }: Pick<User, 'id' | 'lastOrganizationId'>,
    hasSecondFactor: boolean,
  ): Promise<string | null> {
    const rows: { id: string | null }[] = await manager.query('SELECT entered_organization($1, $2, $3, $4) AS id', [
      id,
      lastOrganizationId,
      this.clock.now(),
      hasSecondFactor,
    ]);
    return rows[0]?.id ?? null;
  }

  /** Whether the session goes on in the organization; writes `last_active_at`, to the hour. */
  async continues(tx: EntityManager, session: Session, organizationId: string): Promise<boolean> {
    const [{ acts }] = await tx.query<[{ acts: boolean }]>('SELECT acts_in_organization($1, $2, $3, $4) AS acts', [
      session.userId,
      organizationId,
      this.clock.now(),
      session.hasSecondFactor,
    ]);
    return acts;
  }

  /** Whether the session's user may act in the organization now. */
  async mayActIn({ userId, hasSecondFactor }: Session, organizationId: string): Promise<boolean> {
    if (!isUuid(organizationId)) return false;
    const rows: unknown[] = await this.database.read.query(
      `SELECT FROM memberships_of($1) m JOIN organizations o ON o.id = m.tenant_id
       WHERE o.id = $2 AND m.status = 'ACTIVE' AND o.status = 'ACTIVE' AND ($3 OR NOT o.mfa_required)`,
      [userId, organizationId, hasSecondFactor],
    );
    return rows.length > 0;
  }

  /** The organization, for a session whose user may act in it. @throws OrganizationNotFound, MembershipSuspended, OrganizationSuspended, MfaEnrollmentRequired */
  async enterable(manager: EntityManager, session: Session, organizationId: string): Promise<Organization> {
    const membership = (await membershipsOf(manager, session.userId)).find(
      (one) => one.organizationId === organizationId.toLowerCase(),
    );
    const organization = membership && (await manager.findOneBy(Organization, { id: membership.organizationId }));
    if (!organization) throw new OrganizationNotFound();
    if (membership.status !== MembershipStatus.ACTIVE) throw new MembershipSuspended();
    if (!organization.isActive) throw new OrganizationSuspended(organization.suspensionReason);
    if (organization.mfaRequired && !session.hasSecondFactor) throw new MfaEnrollmentRequired();
    return organization;
  }
}

const COLUMNS = `id, tenant_id AS "organizationId", user_id AS "userId", status, joined_at AS "joinedAt", invited_by AS "invitedBy",
  last_active_at AS "lastActiveAt"`;

async function membershipsOf(manager: EntityManager, userId: string): Promise<Membership[]> {
  const rows: Partial<Membership>[] = await manager.query(
    `SELECT ${COLUMNS} FROM memberships_of($1) ORDER BY joined_at, id`,
    [userId],
  );
  return rows.map((row) => Object.assign(new Membership(), row));
}

/** Where the user can act, and so may be the one who administers: active memberships of organizations that are in use. */
export async function activeOrganizations(tx: EntityManager, { id }: User): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT o.id FROM memberships_of($1) m JOIN organizations o ON o.id = m.tenant_id
     WHERE m.status = 'ACTIVE' AND o.status = 'ACTIVE' ORDER BY o.id`,
    [id],
  );
  return rows.map(({ id: organizationId }) => organizationId);
}
