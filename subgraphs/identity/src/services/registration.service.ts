import { registrationRepeated, userRegistered, verificationRequested } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { Conflict } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import { type Database, isUniqueViolation } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { RegistrationClosed, type RegistrationDraft, User } from '../entities/index.js';
import { emailAddress, InputCheck, locale, newPassword, personName, username } from '../entities/rules/index.js';
import type { Credentials } from './credentials/index.js';
import { reservationOf } from './email-change/index.js';
import type { MailBudget } from './mail-budget.js';
import type { PendingRegistrations } from './pending-registrations.js';

/** What a client sends to register. */
interface RegistrationInput {
  readonly email: string;
  readonly password: string;
  readonly username?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly locale?: string | null;
}

/** How people get an account by themselves. Whether an address was known is told to its owner alone, by mail. */
export class RegistrationService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly credentials: Credentials,
    private readonly pending: PendingRegistrations,
    private readonly budget: MailBudget,
    private readonly clock: Clock,
    private readonly isOpen: boolean,
  ) {}

  /** @throws RegistrationClosed, BadUserInput, Conflict for a taken username, ServiceBusy */
  async register(input: RegistrationInput): Promise<void> {
    if (!this.isOpen) throw new RegistrationClosed();
    const { email, password, ...profile } = checked(input);
    const draft = { ...profile, passwordHash: await this.credentials.hash(password) };
    const mayMail = await this.budget.take(this.database.read, 'registration', email);
    const admit = () => this.database.transaction((tx) => this.admit(tx, email, draft, mayMail));
    // Whoever loses the race for a new address finds it known the second time.
    await admit().catch((error) => (isUniqueViolation(error) ? admit() : Promise.reject(error)));
  }

  /** A registration whose link cannot be mailed could never be confirmed: it is not even kept. */
  private async admit(tx: EntityManager, email: string, draft: RegistrationDraft, mayMail: boolean): Promise<void> {
    const known = await tx.findOne(User, { where: { email }, lock: { mode: 'for_no_key_update' } });
    if (draft.username !== null && (await this.pending.isTaken(tx, draft.username, known?.isPending ? known.id : null)))
      throw new Conflict('This username is taken.', { field: 'input.username' });
    if (!mayMail) return;
    const reservation = known ? null : await reservationOf(tx, email, this.clock.now());
    if (reservation) {
      const { userId, id: changeId } = reservation;
      await this.outbox.add(tx, registrationRepeated, { subject: userId, actor: null, data: { userId, changeId } });
      return;
    }
    if (known && !known.isPending) {
      await this.outbox.add(tx, registrationRepeated, { subject: known.id, actor: null, data: { userId: known.id } });
      return;
    }

    const user = known ?? (await this.pending.begin(tx, email));
    const { id: registrationId } = await this.pending.add(tx, user, draft);
    const about = { subject: user.id, actor: null };
    await this.outbox.add(tx, userRegistered, { ...about, data: { userId: user.id } });
    await this.outbox.add(tx, verificationRequested, { ...about, data: { userId: user.id, registrationId } });
  }
}

function checked(input: RegistrationInput) {
  const check = new InputCheck();
  const draft = {
    email: check.field('email', () => emailAddress(input.email)),
    username: input.username == null ? null : check.field('username', () => username(input.username as string)),
    firstName: check.field('firstName', () => personName(input.firstName)),
    lastName: check.field('lastName', () => personName(input.lastName)),
    locale: check.field('locale', () => locale(input.locale)),
  };
  const password = check.field('password', () => newPassword(input.password, draft));
  check.finish();
  return { ...draft, password };
}
