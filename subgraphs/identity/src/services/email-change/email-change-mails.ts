import type { Clock } from '@platform/foundation/clock';
import type { AppConfig } from '@platform/foundation/config';
import type { Mailer } from '@platform/mail';
import { afterCommit } from '@platform/postgres/database';
import { type EntityManager, type FindOptionsWhere, IsNull, MoreThan, Not } from 'typeorm';
import { EmailChange, User } from '../../entities/index.js';
import { type EmailTemplate, greetingOf, moment, renderEmail } from '../email-template.js';
import { randomSecret, secretHash } from '../tokens/secret-text.js';
import { reservationOf } from './reserved-addresses.js';

const LOCKED = { mode: 'for_no_key_update' } as const;

/** The mails of changes of an address. Secrets are made here, when a mail leaves. */
export class EmailChangeMails {
  constructor(
    private readonly mailer: Mailer,
    private readonly app: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** The link by which the new address confirms; where another account has the address, its owner is told instead. */
  async sendConfirmationLink(tx: EntityManager, changeId: string): Promise<void> {
    const change = await this.locked(tx, { id: changeId, confirmedAt: IsNull() });
    if (!change) return;
    if (await this.isTaken(tx, change)) return this.tellTaken(tx, change);
    const url = await this.newLink(tx, change, 'confirm-email-change');
    this.send(tx, change.newEmail, {
      subject: `Confirm your new e-mail address for ${this.app.name}`,
      greeting: null,
      lines: [
        `Somebody wants to make this the address of their account at ${this.app.name}.`,
        `Follow this link to confirm. It works once, until ${moment(change.expiresAt)}.`,
        'If that was not you, do nothing.',
      ],
      link: { label: 'Confirm the address', url },
    });
  }

  /** Tells the account's address what was asked for, while that can still be stopped. */
  async tellRequested(tx: EntityManager, userId: string): Promise<void> {
    const change = await this.locked(tx, { userId, confirmedAt: IsNull() });
    const user = change && (await tx.findOneBy(User, { id: userId }));
    if (!change || user?.email !== change.oldEmail) return;
    this.send(tx, change.oldEmail, {
      subject: `A new e-mail address for your account at ${this.app.name} was asked for`,
      greeting: greetingOf(user),
      lines: [
        `Your account is to have the address ${change.newEmail}. That happens once it is confirmed there.`,
        'If that was not you, change your password at once: that stops it.',
      ],
    });
  }

  /** The link by which the old address takes the change back. */
  async sendRevertLink(tx: EntityManager, changeId: string): Promise<void> {
    const change = await this.locked(tx, { id: changeId, confirmedAt: Not(IsNull()) });
    if (!change) return;
    const url = await this.newLink(tx, change, 'revert-email-change');
    this.send(tx, change.oldEmail, {
      subject: `Your e-mail address at ${this.app.name} was changed`,
      greeting: greetingOf(await tx.findOneBy(User, { id: change.userId })),
      lines: [
        `Your account has the address ${change.newEmail} now.`,
        `If that was not you, follow this link until ${moment(change.expiresAt)}. Your account gets this address again, every device is signed out, and you choose a new password.`,
      ],
      link: { label: 'Take the change back', url },
    });
  }

  /** Tells who registers a reserved address for how long it is. */
  async tellReserved(tx: EntityManager, changeId: string): Promise<void> {
    const change = await this.locked(tx, { id: changeId, confirmedAt: Not(IsNull()) });
    if (!change) return;
    this.send(tx, change.oldEmail, {
      subject: `This address is reserved at ${this.app.name}`,
      greeting: null,
      lines: [
        'Somebody tried to register with this address. Nothing has changed.',
        `It was the address of an account, which can take it back until ${moment(change.expiresAt)}. It can be registered after that.`,
      ],
    });
  }

  private async isTaken(tx: EntityManager, { newEmail, userId }: EmailChange): Promise<boolean> {
    const owner = await tx.findOneBy(User, { email: newEmail });
    if (owner && !owner.isPending) return true;
    const reservation = await reservationOf(tx, newEmail, this.clock.now());
    return reservation !== null && reservation.userId !== userId;
  }

  private tellTaken(tx: EntityManager, { newEmail }: EmailChange): void {
    this.send(tx, newEmail, {
      subject: `This address has an account at ${this.app.name}`,
      greeting: null,
      lines: [
        'Somebody wants to make this the address of another account. It has an account already, or was one’s until lately. Nothing has changed.',
        'If that was you, sign in to that account and delete it or change its address first.',
      ],
    });
  }

  /** The change with its row locked, while it is good for something. */
  private locked(tx: EntityManager, which: FindOptionsWhere<EmailChange>): Promise<EmailChange | null> {
    return tx.findOne(EmailChange, { where: { ...which, expiresAt: MoreThan(this.clock.now()) }, lock: LOCKED });
  }

  private async newLink(tx: EntityManager, { id }: EmailChange, page: string): Promise<string> {
    const token = randomSecret();
    await tx.update(EmailChange, { id }, { tokenHash: secretHash(token) });
    return `${this.app.publicUrl}/${page}?token=${token}`;
  }

  /** Once the secret in it is committed. */
  private send(tx: EntityManager, to: string, letter: EmailTemplate): void {
    afterCommit(tx, () => this.mailer.send(renderEmail(to, letter)));
  }
}
