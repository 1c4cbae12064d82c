import type { Caller } from '@platform/auth';
import {
  invitationAccepted,
  invitationCreated,
  invitationDeclined,
  invitationResent,
  invitationRevoked,
} from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { RateLimited } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import { type Database, isUniqueViolation } from '@platform/postgres/database';
import { actingTenant, withTenant } from '@platform/postgres/tenancy';
import { type EntityManager, MoreThan, Not } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  AlreadyMember,
  Invitation,
  InvitationClosed,
  type InvitationDraft,
  InvitationEmailMismatch,
  InvitationNotFound,
  InvitationStatus,
  LimitReached,
  Membership,
  Organization,
  User,
  UserStatus,
} from '../../entities/index.js';
import { emailAddress, InputCheck } from '../../entities/rules/index.js';
import type { AuthzClient } from '../authz-client.js';
import { lockedUser } from '../locked-user.js';
import type { Admission } from './admission.js';
import { assertInUse, type InvitationAnswer, InvitationLinks } from './invitation-links.js';
import { MAX_INVITATIONS, MAX_INVITATIONS_A_DAY, MAX_INVITATIONS_TO_AN_ADDRESS_A_DAY } from './limits.js';
import { checkedRoleIds } from './role-ids.js';

/** What the holder of a link sees. */
export interface Preview {
  readonly organizationName: string;
  readonly inviterName: string | null;
  readonly email: string;
  readonly roleNames: string[];
  readonly status: InvitationStatus;
  readonly expiresAt: Date;
  readonly hasAccount: boolean;
}

const DAY = 86_400_000;
const RESEND_PAUSE = 60_000;

/** How people are invited to organizations, and what they answer. The link is made when its mail leaves (`AccountMails`). */
export class InvitationService {
  readonly links: InvitationLinks;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly parts: { readonly admission: Admission; readonly authz: AuthzClient },
    private readonly clock: Clock,
    /** In ms. */
    private readonly lifetime: number,
  ) {
    this.links = new InvitationLinks(clock);
  }

  /** @throws BadUserInput; ROLE_NOT_FOUND; PERMISSION_NOT_HELD; AlreadyMember; LimitReached; RateLimited; ServiceUnavailable */
  async invite(caller: Caller, input: { email: string; roleIds: readonly string[] }): Promise<Invitation> {
    const check = new InputCheck();
    const email = check.field('email', () => emailAddress(input.email));
    const roleIds = check.field('roleIds', () => checkedRoleIds(input.roleIds));
    check.finish();
    const given = roleIds.length > 0 ? roleIds : [await this.parts.authz.roleNamed('user')];
    await this.parts.authz.assignableRoles(caller, given);
    const draft = { organizationId: actingTenant(), email, roleIds: given, invitedBy: caller.userId };
    const add = () => this.database.transaction((tx) => this.add(tx, draft));
    // Of two that invite the address at once, one replaces the other's.
    return add().catch((error) => (isUniqueViolation(error, 'invitations_pending') ? add() : Promise.reject(error)));
  }

  /** Replaces a pending invitation of the address. @throws AlreadyMember, LimitReached, RateLimited also within a minute of the one before */
  async add(tx: EntityManager, draft: InvitationDraft): Promise<Invitation> {
    const known = await tx.findOneBy(User, { email: draft.email, status: UserStatus.ACTIVE, pending: false });
    if (known && (await tx.existsBy(Membership, { userId: known.id }))) throw new AlreadyMember();
    await this.assertRoom(tx);
    await this.assertUnhurried(tx, draft.email);
    const pending = { email: draft.email, status: InvitationStatus.PENDING };
    const before = await tx.findOne(Invitation, { where: pending, lock: LOCKED });
    if (before) await this.close(tx, before, InvitationStatus.REVOKED);
    const invitation = Invitation.create(draft, this.lifetime, this.clock.now());
    await tx.insert(Invitation, invitation);
    await this.announce(tx, invitationCreated, invitation);
    return invitation;
  }

  /** A new link, for one that has expired too, by who could invite so. @throws InvitationNotFound, InvitationClosed; RateLimited within a minute; ROLE_NOT_FOUND; PERMISSION_NOT_HELD */
  resend(caller: Caller, id: string): Promise<Invitation> {
    return this.database.transaction(async (tx) => {
      const invitation = await this.own(tx, id);
      await this.parts.authz.assignableRoles(caller, invitation.roleIds);
      if (invitation.status !== InvitationStatus.PENDING) throw new InvitationClosed();
      await this.assertUnhurried(tx, invitation.email);
      await this.assertRoom(tx, 0);
      invitation.resend(this.lifetime, this.clock.now());
      const { tokenHash, sentAt, sends, expiresAt } = invitation;
      await tx.update(Invitation, { id: invitation.id }, { tokenHash, sentAt, sends, expiresAt });
      await this.announce(tx, invitationResent, invitation);
      return invitation;
    });
  }

  /** @throws InvitationNotFound, InvitationClosed */
  revoke(id: string): Promise<Invitation> {
    return this.database.transaction(async (tx) => {
      const invitation = await this.own(tx, id);
      if (invitation.status !== InvitationStatus.PENDING) throw new InvitationClosed();
      await this.close(tx, invitation, InvitationStatus.REVOKED);
      await this.announce(tx, invitationRevoked, invitation);
      return invitation;
    });
  }

  /** Pending ones to the user's verified address, of every organization that people can act in, newest first. */
  async to(userId: string): Promise<Invitation[]> {
    const user = await this.database.read.findOneBy(User, { id: userId });
    return user?.emailVerified && user.email ? this.links.to(this.database.read, user.email) : [];
  }

  /** What the page behind a link shows; null for an unknown one. @throws ServiceUnavailable while authz does not tell the roles */
  async preview(token: string): Promise<Preview | null> {
    const { read } = this.database;
    const invitation = await this.links.by(read, token);
    if (!invitation) return null;
    const { organizationId, email, roleIds, invitedBy, expiresAt } = invitation;
    const [organization, inviter, account, roleNames] = await Promise.all([
      read.findOneBy(Organization, { id: organizationId }),
      invitedBy === null ? null : read.findOneBy(User, { id: invitedBy, status: Not(UserStatus.DELETED) }),
      read.findOneBy(User, { email }),
      withTenant(organizationId, () => this.parts.authz.roleNames(roleIds)),
    ]);
    if (!organization) return null;
    return {
      organizationName: organization.name,
      inviterName: inviter?.displayName ?? null,
      email,
      roleNames,
      status: invitation.state(this.clock.now()),
      expiresAt,
      hasAccount: account !== null && !account.isPending,
    };
  }

  /** @throws as `answered`; AlreadyMember; OrganizationSuspended; LimitReached; ServiceUnavailable */
  accept(userId: string, answer: InvitationAnswer): Promise<Membership> {
    return this.answered(userId, answer, async (tx, invitation) => {
      await assertInUse(tx, invitation);
      const { roleIds, invitedBy } = invitation;
      const membership = await this.parts.admission.admit(tx, { userId, roleIds, invitedBy, via: 'invitation' });
      await this.accepted(tx, invitation);
      return membership;
    });
  }

  /** @throws as `answered` */
  decline(userId: string, answer: InvitationAnswer): Promise<true> {
    return this.answered(userId, answer, async (tx, invitation) => {
      await this.close(tx, invitation, InvitationStatus.DECLINED);
      await this.announce(tx, invitationDeclined, invitation);
      return true as const;
    });
  }

  /** The invited person is a member. */
  async accepted(tx: EntityManager, invitation: Invitation): Promise<void> {
    await this.close(tx, invitation, InvitationStatus.ACCEPTED);
    await this.announce(tx, invitationAccepted, invitation);
  }

  /**
   * Lets the user answer an invitation to their verified address. @throws BadUserInput unless it is named in one way; by id
   * InvitationNotFound, InvitationExpired, InvitationClosed; by link InvalidToken, InvitationEmailMismatch
   */
  private async answered<T>(
    userId: string,
    answer: InvitationAnswer,
    apply: (tx: EntityManager, invitation: Invitation) => Promise<T>,
  ): Promise<T> {
    const user = await this.database.read.findOneBy(User, { id: userId });
    const address = user?.emailVerified ? user.email : null;
    const found = await this.links.named(this.database.read, answer, address);
    return withTenant(found.organizationId, () =>
      this.database.transaction(async (tx) => {
        const { email } = await lockedUser(tx, userId);
        const invitation = await this.links.reread(tx, found, answer);
        if (invitation.email !== email) {
          throw answer.token == null ? new InvitationNotFound() : new InvitationEmailMismatch(invitation.email);
        }
        return apply(tx, invitation);
      }),
    );
  }

  private async close(tx: EntityManager, invitation: Invitation, status: InvitationStatus): Promise<void> {
    invitation.close(status, this.clock.now());
    await tx.update(Invitation, { id: invitation.id }, { status, closedAt: invitation.closedAt });
  }

  /** Of the organization that is acted for, with its row locked. @throws InvitationNotFound */
  private async own(tx: EntityManager, id: string): Promise<Invitation> {
    const invitation = isUuid(id) ? await tx.findOne(Invitation, { where: { id }, lock: LOCKED }) : null;
    if (!invitation) throw new InvitationNotFound();
    return invitation;
  }

  private announce(
    tx: EntityManager,
    event: typeof invitationCreated,
    { id, organizationId, roleIds }: Invitation,
  ): Promise<void> {
    return this.outbox.add(tx, event, { subject: id, data: { organizationId, invitationId: id, roleIds } });
  }

  /** An organization asks for one mail a minute to an address, and for ten a day. @throws RateLimited */
  private async assertUnhurried(tx: EntityManager, email: string): Promise<void> {
    const now = this.clock.now().getTime();
    const recent = await tx.findBy(Invitation, { email, sentAt: MoreThan(new Date(now - DAY)) });
    const since = now - Math.max(...recent.map(({ sentAt }) => sentAt.getTime()), 0);
    if (since < RESEND_PAUSE) throw new RateLimited(Math.ceil((RESEND_PAUSE - since) / 1000));
    const sends = recent.reduce((sum, invitation) => sum + invitation.sends, 0);
    if (sends >= MAX_INVITATIONS_TO_AN_ADDRESS_A_DAY) throw new RateLimited(DAY / 1000);
  }

  /** @param more pending ones than there are. */
  private async assertRoom(tx: EntityManager, more = 1): Promise<void> {
    const live = { status: InvitationStatus.PENDING, expiresAt: MoreThan(this.clock.now()) };
    const pending = await tx.countBy(Invitation, live);
    if (pending + more > MAX_INVITATIONS) throw new LimitReached(MAX_INVITATIONS, 'pending invitations');
    const yesterday = new Date(this.clock.now().getTime() - DAY);
    const sent = await tx.sum(Invitation, 'sends', { sentAt: MoreThan(yesterday) });
    if ((sent ?? 0) >= MAX_INVITATIONS_A_DAY) throw new RateLimited(DAY / 1000);
  }
}

const LOCKED = { mode: 'for_no_key_update' } as const;
