import type { AppConfig } from '@platform/kernel/config';
import { afterCommit } from '@platform/kernel/database';
import type { Mailer } from '@platform/kernel/mail';
import type { EntityManager } from 'typeorm';
import type { IdentityConfig } from '../config.js';
import { User, UserStatus } from '../entities/index.js';
import { type Letter, mailOf } from './letter.js';
import type { OneTimeTokens } from './tokens/index.js';

/** The mails of accounts. Secrets are made here, when a mail leaves, so that none ever lies in an event. */
export class AccountMails {
  constructor(
    private readonly mailer: Mailer,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly app: AppConfig,
    private readonly config: Pick<IdentityConfig, 'verificationLifetime' | 'resetLifetime'>,
  ) {}

  /** The link that shows an address to be the registrant's; nothing when that has happened meanwhile. */
  async sendVerificationLink(tx: EntityManager, userId: string): Promise<void> {
    const user = await this.reachable(tx, userId);
    if (!user?.awaitsVerification) return;
    const token = await this.oneTimeTokens.issue(tx, userId, 'VERIFY_EMAIL', this.config.verificationLifetime);
    this.send(tx, user.email, {
      subject: `Verify your e-mail address for ${this.app.name}`,
      greeting: user.displayName,
      lines: [
        `Follow this link to verify that this address is yours. It works once, within ${hours(this.config.verificationLifetime)}.`,
        'If you did not register, do nothing.',
      ],
      link: { label: 'Verify the address', url: this.url('verify-email', token) },
    });
  }

  /** The link by which an owner who forgot the password sets a new one. */
  async sendResetLink(tx: EntityManager, userId: string): Promise<void> {
    const user = await this.reachable(tx, userId);
    if (!user) return;
    const token = await this.oneTimeTokens.issue(tx, userId, 'SET_PASSWORD', this.config.resetLifetime);
    this.send(tx, user.email, {
      subject: `Set a new password for ${this.app.name}`,
      greeting: user.displayName,
      lines: [
        `Follow this link to set a new password. It works once, within ${hours(this.config.resetLifetime)}.`,
        'If you did not ask for it, do nothing: your password stays as it is.',
      ],
      link: { label: 'Set a new password', url: this.url('reset-password', token) },
    });
  }

  /** The link by which the owner of an account that was made for them sets its first password. */
  async sendInvitation(tx: EntityManager, userId: string): Promise<void> {
    const user = await this.reachable(tx, userId);
    if (!user) return;
    const token = await this.oneTimeTokens.issue(tx, userId, 'SET_PASSWORD', this.config.verificationLifetime);
    this.send(tx, user.email, {
      subject: `Your account at ${this.app.name}`,
      greeting: user.displayName,
      lines: [
        'An account was made for you.',
        `Follow this link to choose a password. It works once, within ${hours(this.config.verificationLifetime)}.`,
      ],
      link: { label: 'Choose a password', url: this.url('reset-password', token) },
    });
  }

  async tellPasswordChanged(tx: EntityManager, userId: string): Promise<void> {
    const user = await this.reachable(tx, userId);
    this.send(tx, user?.email, {
      subject: `Your password for ${this.app.name} was changed`,
      greeting: user?.displayName ?? '',
      lines: ['Your password was changed.', 'If that was not you, ask for a password reset at once.'],
    });
  }

  /** Tells the address that an account had before. It is forgotten once the mail has left. */
  async tellEmailChanged(tx: EntityManager, userId: string): Promise<void> {
    const user = await tx.findOneBy(User, { id: userId });
    if (!user?.formerEmail) return;
    await tx.update(User, userId, { formerEmail: null });
    const mail = mailOf(user.formerEmail, {
      subject: `Your e-mail address at ${this.app.name} was changed`,
      greeting: user.displayName,
      lines: ['Your account has another e-mail address now.', 'If you did not expect that, tell the administrators.'],
    });
    await this.mailer.send(mail); // it holds no secret, and a failure must bring the address back
  }

  /** Tells an owner that their address was used to register again. */
  async tellRegistrationRepeated(tx: EntityManager, userId: string): Promise<void> {
    const user = await this.reachable(tx, userId);
    this.send(tx, user?.email, {
      subject: `You have an account at ${this.app.name}`,
      greeting: user?.displayName ?? '',
      lines: [
        'Somebody tried to register with this address, which has an account already. Nothing has changed.',
        'If that was you and you forgot the password, ask for a password reset.',
      ],
    });
  }

  private reachable(tx: EntityManager, id: string): Promise<User | null> {
    return tx.findOneBy(User, { id, status: UserStatus.ACTIVE });
  }

  /** Once the secret in it is committed: whoever has the mail can follow its link. */
  private send(tx: EntityManager, to: string | null | undefined, letter: Letter): void {
    if (to) afterCommit(tx, () => this.mailer.send(mailOf(to, letter)));
  }

  private url(page: string, token: string): string {
    return `${this.app.publicUrl}/${page}?token=${token}`;
  }
}

const hours = (ms: number): string => {
  const count = Math.round(ms / 3_600_000);
  return count === 1 ? 'an hour' : `${count} hours`;
};
