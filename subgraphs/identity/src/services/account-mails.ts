import type { AppConfig } from '@platform/foundation/config';
import { personName, readIfFit } from '@platform/foundation/text';
import type { Mailer } from '@platform/mail';
import { afterCommit } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import type { IdentityConfig } from '../config.js';
import {
  Credential,
  Invitation,
  InvitationStatus,
  Organization,
  Registration,
  User,
  UserStatus,
} from '../entities/index.js';
import { type EmailTemplate, greetingOf, moment, renderEmail } from './email-template.js';
import { MAX_INVITATIONS_TO_AN_ADDRESS_A_DAY } from './organizations/index.js';
import type { OneTimeTokens } from './tokens/index.js';
import { randomSecret, secretHash } from './tokens/secret-text.js';

const LOCKED = { mode: 'for_no_key_update' } as const;

type Reachable = User & { readonly email: string };

/** The mails of accounts. Secrets are made here, when a mail leaves, so that none ever lies in an event. */
export class AccountMails {
  constructor(
    private readonly mailer: Mailer,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly app: AppConfig,
    private readonly config: Pick<IdentityConfig, 'verificationLifetime' | 'resetLifetime'>,
  ) {}

  /**
   * The link that shows an address to be its reader's; nothing when that has happened meanwhile. It confirms the registration that is
   * named, or the only one. Of several nobody can tell whose they are: the link lets its reader choose a password, and confirms none.
   * Who was invited and has no password yet is invited again.
   */
  async sendVerificationLink(tx: EntityManager, userId: string, registrationId: string | null): Promise<void> {
    const user = await this.reachable(tx, userId);
    if (user && !user.pending && !(await tx.existsBy(Credential, { userId }))) return this.invite(tx, user);
    if (!user?.awaitsVerification) return;
    if (!user.pending) return this.sendVerification(tx, user, null);
    const where = { userId, ...(registrationId && { id: registrationId }) };
    const [registration, another] = await tx.find(Registration, { where, take: 2 });
    if (registration && !another) return this.sendVerification(tx, user, registration);
    if (!registrationId) await this.sendChoiceOfPassword(tx, user);
  }

  /** The link by which an owner who forgot the password sets a new one. */
  async sendResetLink(tx: EntityManager, userId: string): Promise<void> {
    const user = await this.reachable(tx, userId);
    if (!user) return;
    const lifetime = this.config.resetLifetime;
    const token = await this.oneTimeTokens.issue(tx, { user, purpose: 'SET_PASSWORD', lifetime });
    this.send(tx, user.email, {
      subject: `Set a new password for ${this.app.name}`,
      greeting: greetingOf(user),
      lines: [
        `Follow this link to set a new password. It works once, within ${hours(lifetime)}.`,
        'If you did not ask for it, do nothing: your password stays as it is.',
      ],
      link: { label: 'Set a new password', url: this.url('reset-password', token) },
    });
  }

  /** The link by which the owner of an account that was made for them sets its first password. */
  async sendInvitation(tx: EntityManager, userId: string): Promise<void> {
    const user = await this.reachable(tx, userId);
    if (user) await this.invite(tx, user);
  }

  /** The link by which an invited person joins an organization; nothing once the invitation is closed. */
  async sendOrganizationInvitation(tx: EntityManager, invitationId: string): Promise<void> {
    const where = { id: invitationId, status: InvitationStatus.PENDING };
    const invitation = await tx.findOne(Invitation, { where, lock: LOCKED });
    const organization = invitation && (await tx.findOneBy(Organization, { id: invitation.organizationId }));
    if (!invitation || !organization?.isActive || (await this.hasEnough(tx, invitation.email))) return;
    const inviter = invitation.invitedBy === null ? null : await tx.findOneBy(User, { id: invitation.invitedBy });
    const token = randomSecret();
    await tx.update(Invitation, { id: invitation.id }, { tokenHash: secretHash(token) });
    const name = inviter?.emailVerified ? readIfFit(personName, inviter.displayName) : undefined;
    const from = name === undefined ? 'You are invited' : `${name} invites you`;
    this.send(tx, invitation.email, {
      subject: `Join ${organization.name} at ${this.app.name}`,
      greeting: null,
      lines: [
        `${from} to join ${organization.name} at ${this.app.name}.`,
        `Follow this link to accept. It works until ${moment(invitation.expiresAt)}.`,
        'If you did not expect this, do nothing.',
      ],
      link: { label: `Join ${organization.name}`, url: this.url('invitation', token) },
    });
  }

  async tellPasswordChanged(tx: EntityManager, userId: string): Promise<void> {
    const user = await this.reachable(tx, userId);
    this.send(tx, user?.email, {
      subject: `Your password for ${this.app.name} was changed`,
      greeting: greetingOf(user),
      lines: ['Your password was changed.', 'If that was not you, ask for a password reset at once.'],
    });
  }

  /** Tells the address that an account had before. It is forgotten once the mail has left. */
  async tellEmailChanged(tx: EntityManager, userId: string): Promise<void> {
    const user = await tx.findOne(User, { where: { id: userId }, lock: LOCKED });
    if (!user?.formerEmail) return;
    await tx.update(User, userId, { formerEmail: null });
    const mail = renderEmail(user.formerEmail, {
      subject: `Your e-mail address at ${this.app.name} was changed`,
      greeting: greetingOf(user),
      lines: ['Your account has another e-mail address now.', 'If you did not expect that, tell the administrators.'],
    });
    await this.mailer.send(mail); // it holds no secret, and a failure must bring the address back
  }

  /** Tells an owner which provider they can, or cannot any more, sign in with. */
  async tellProviderChanged(tx: EntityManager, userId: string, provider: string, isLinked: boolean): Promise<void> {
    const user = await this.reachable(tx, userId);
    const done = isLinked ? 'was linked to' : 'was unlinked from';
    this.send(tx, user?.email, {
      subject: `A provider ${done} your account at ${this.app.name}`,
      greeting: greetingOf(user),
      lines: [
        isLinked
          ? `You can sign in to your account with an account at ${provider} now.`
          : `Nobody can sign in to your account with an account at ${provider} any more.`,
        'If that was not you, change your password and look at the linked accounts.',
      ],
    });
  }

  /** Tells an owner that their address was used to register again. */
  async tellRegistrationRepeated(tx: EntityManager, userId: string): Promise<void> {
    const user = await this.reachable(tx, userId);
    this.send(tx, user?.email, {
      subject: `You have an account at ${this.app.name}`,
      greeting: greetingOf(user),
      lines: [
        'Somebody tried to register with this address, which has an account already. Nothing has changed.',
        'If that was you and you forgot the password, ask for a password reset.',
      ],
    });
  }

  /** Whether so many invitations were mailed to the address today, of whichever organization, that its mailbox gets no more. */
  private async hasEnough(tx: EntityManager, email: string): Promise<boolean> {
    const [{ mailed }] = await tx.query<[{ mailed: number }]>(
      `SELECT coalesce(sum(sends), 0)::int AS mailed FROM invitations_to($1) WHERE token_hash IS NOT NULL AND sent_at > now() - interval '1 day'`,
      [email],
    );
    return mailed >= MAX_INVITATIONS_TO_AN_ADDRESS_A_DAY;
  }

  private async invite(tx: EntityManager, user: Reachable): Promise<void> {
    const lifetime = this.config.verificationLifetime;
    const token = await this.oneTimeTokens.issue(tx, { user, purpose: 'ACCEPT_INVITATION', lifetime });
    this.send(tx, user.email, {
      subject: `Your account at ${this.app.name}`,
      greeting: greetingOf(user),
      lines: [
        'An account was made for you.',
        `Follow this link to choose a password. It works once, within ${hours(lifetime)}.`,
      ],
      link: { label: 'Choose a password', url: this.url('reset-password', token) },
    });
  }

  private async sendVerification(tx: EntityManager, user: Reachable, registration: Registration | null): Promise<void> {
    const lifetime = this.config.verificationLifetime;
    const target = { user, purpose: 'VERIFY_EMAIL', lifetime, registrationId: registration?.id } as const;
    const token = await this.oneTimeTokens.issue(tx, target);
    this.send(tx, user.email, {
      subject: `Verify your e-mail address for ${this.app.name}`,
      greeting: null,
      lines: [
        ...(registration ? [`Somebody registered with this address on ${moment(registration.createdAt)}.`] : []),
        `Follow this link to verify that this address is yours. It works once, within ${hours(lifetime)}.`,
        registration ? 'If that was not you, do nothing.' : 'If you did not expect this, do nothing.',
      ],
      link: { label: 'Verify the address', url: this.url('verify-email', token) },
    });
  }

  private async sendChoiceOfPassword(tx: EntityManager, user: Reachable): Promise<void> {
    const lifetime = this.config.verificationLifetime;
    const token = await this.oneTimeTokens.issue(tx, { user, purpose: 'ACCEPT_INVITATION', lifetime });
    this.send(tx, user.email, {
      subject: `Verify your e-mail address for ${this.app.name}`,
      greeting: null,
      lines: [
        'An account waits for whoever has this address.',
        `Follow this link to verify that it is yours and to choose a password. It works once, within ${hours(lifetime)}.`,
        'Names and passwords that anybody registered with this address before are not used.',
        'If you did not expect this, do nothing.',
      ],
      link: { label: 'Choose a password', url: this.url('reset-password', token) },
    });
  }

  /** The user with their row locked, so that a link is good for the address that they have when it commits. */
  private async reachable(tx: EntityManager, id: string): Promise<Reachable | null> {
    const user = await tx.findOne(User, { where: { id, status: UserStatus.ACTIVE }, lock: LOCKED });
    return user?.email ? (user as Reachable) : null;
  }

  /** Once the secret in it is committed: whoever has the mail can follow its link. */
  private send(tx: EntityManager, to: string | null | undefined, letter: EmailTemplate): void {
    if (to) afterCommit(tx, () => this.mailer.send(renderEmail(to, letter)));
  }

  private url(page: string, token: string): string {
    return `${this.app.publicUrl}/${page}?token=${token}`;
  }
}

const hours = (ms: number): string => {
  const count = Math.round(ms / 3_600_000);
  return count === 1 ? 'an hour' : `${count} hours`;
};
