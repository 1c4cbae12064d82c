import type { Caller } from '@platform/auth';
import {
  emailChanged,
  emailChangeRequested,
  emailChangeReverted,
  passwordResetRequested,
  userUpdated,
} from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { BadUserInput } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import { type Database, isUniqueViolation, updateLocked } from '@platform/postgres/database';
import { type EntityManager, type FindOptionsWhere, IsNull, MoreThan, MoreThanOrEqual, Not } from 'typeorm';
import type { IdentityConfig } from '../../config.js';
import { EmailChange, InvalidToken, User, UserNotFound, UserStatus } from '../../entities/index.js';
import { emailAddress, InputCheck } from '../../entities/rules/index.js';
import { cancelEmailChange } from '../cancel-email-change.js';
import type { Erasure } from '../erasure.js';
import type { OwnerProofs } from '../factors/index.js';
import { lockedUser } from '../locked-user.js';
import type { MailBudget } from '../mail-budget.js';
import type { SessionRevocation } from '../session-revocation.js';
import type { OneTimeTokens } from '../tokens/index.js';
import { secretHash } from '../tokens/secret-text.js';
import { closeWaysIn } from './reverted-account.js';

/** Changing the address of one's own account: the new address confirms it, and the old one can take it back. */
export class EmailChangeService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly parts: {
      readonly proofs: OwnerProofs;
      readonly budget: MailBudget;
      readonly tokens: OneTimeTokens;
      readonly sessionRevocation: SessionRevocation;
      readonly erasure: Erasure;
    },
    private readonly clock: Clock,
    private readonly lifetimes: Pick<IdentityConfig, 'verificationLifetime' | 'emailRevertLifetime'>,
  ) {}

  /**
   * In the place of whatever was asked for before. Whether the new address has an account is told to its owner alone, by mail.
   * @throws BadUserInput; as `OwnerProofs.of`
   */
  async request(caller: Caller, userId: string, input: { newEmail: string; password: string }): Promise<void> {
    const { proofs, budget } = this.parts;
    const check = new InputCheck();
    const newEmail = check.field('newEmail', () => emailAddress(input.newEmail));
    check.finish();
    const confirmProof = await proofs.of(caller, userId, input.password);
    const mayMail = await budget.take(this.database.read, 'email_change', newEmail);

    await this.database.transaction(async (tx) => {
      const user = await lockedUser(tx, userId);
      await confirmProof(tx);
      if (!hasAddress(user) || user.email === newEmail)
        throw new BadUserInput({ 'input.newEmail': 'The account has this address.' });
      await cancelEmailChange(tx, userId);
      const change = EmailChange.request(user, newEmail, this.lifetimes.verificationLifetime, this.clock.now());
      await tx.insert(EmailChange, change);
      const data = { userId, ...(mayMail && { changeId: change.id }) };
      await this.outbox.add(tx, emailChangeRequested, { subject: userId, data });
    });
  }

  /** Links to the old address end, and it is reserved for as long as it can take the change back. @throws InvalidToken */
  confirm(token: string): Promise<true> {
    return mapTaken(
      this.database.transaction(async (tx) => {
        const { user, change } = await this.named(tx, token, { confirmedAt: IsNull() });
        if (user.status !== UserStatus.ACTIVE || user.email !== change.oldEmail) throw new InvalidToken();
        await this.vacate(tx, change.newEmail);
        await updateLocked(tx, change, () => change.confirm(this.lifetimes.emailRevertLifetime, this.clock.now()));
        await this.move(tx, user, change.newEmail);
        await this.outbox.add(tx, emailChanged, about(user, { changeId: change.id }));
        return true as const;
      }),
    );
  }

  /**
   * The account has its old address again, whatever was changed since: later changes cannot be reverted any more, earlier ones can.
   * Who changed the address may know the password, have sessions, have linked a provider and have added second factors (for as long before as it can be reverted): all of that ends. @throws InvalidToken
   */
  revert(token: string): Promise<true> {
    return mapTaken(
      this.database.transaction(async (tx) => {
        const { user, change } = await this.named(tx, token, { confirmedAt: Not(IsNull()) });
        await this.move(tx, user, change.oldEmail);
        const later = MoreThanOrEqual(change.confirmedAt as Date);
        for (const confirmedAt of [IsNull(), later]) await tx.delete(EmailChange, { userId: user.id, confirmedAt });
        await closeWaysIn(tx, user.id, new Date(change.requestedAt.getTime() - this.lifetimes.emailRevertLifetime));
        await this.parts.sessionRevocation.revoke(tx, user.id);
        await this.outbox.add(tx, emailChangeReverted, about(user));
        await this.outbox.add(tx, passwordResetRequested, about(user));
        return true as const;
      }),
    );
  }

  /** The change that the link is for, with its user's row locked first, as by everything that ends changes. @throws InvalidToken */
  private async named(tx: EntityManager, token: string, state: FindOptionsWhere<EmailChange>) {
    const where = { ...state, tokenHash: secretHash(token), expiresAt: MoreThan(this.clock.now()) };
    const found = await tx.findOneBy(EmailChange, where);
    if (!found) throw new InvalidToken();
    const user = await lockedUser(tx, found.userId).catch((error) => {
      throw error instanceof UserNotFound ? new InvalidToken() : error;
    });
    const change = await tx.findOneBy(EmailChange, where);
    if (!change) throw new InvalidToken();
    return { user, change };
  }

  /** Who reads the mails of an address has it, however often it was registered; invitations to it stay. @throws InvalidToken when it is an account's */
  private async vacate(tx: EntityManager, address: string): Promise<void> {
    const user = await tx.findOne(User, { where: { email: address }, lock: { mode: 'for_no_key_update' } });
    if (!user) return;
    if (!user.isPending) throw new InvalidToken();
    await updateLocked(tx, user, () => user.leaveAddress(this.clock.now()));
    await this.parts.erasure.erase(tx, user);
  }

  private async move(tx: EntityManager, user: User, address: string): Promise<void> {
    await updateLocked(tx, user, () => user.moveTo(address, this.clock.now()));
    await this.parts.tokens.revokeAll(tx, user.id);
    await this.outbox.add(tx, userUpdated, about(user, { fields: ['email'] }));
  }
}

const hasAddress = (user: User): user is User & { email: string } => user.email !== null;

/** Who follows a mailed link acts on their own account. */
const about = <T extends object>({ id }: User, more?: T) => ({
  subject: id,
  actor: id,
  data: { userId: id, ...(more as T) },
});

/** Another account was faster to get the address. @throws InvalidToken */
const mapTaken = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error) => {
    throw isUniqueViolation(error, 'users_email_key') ? new InvalidToken() : error;
  });
