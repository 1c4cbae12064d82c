import { registrationRepeated, userRegistered, verificationRequested } from '@platform/contracts';
import type { Clock } from '@platform/kernel/clock';
import { type Database, isUniqueViolation } from '@platform/kernel/database';
import { Conflict } from '@platform/kernel/errors';
import type { Outbox } from '@platform/kernel/events';
import { type EntityManager, Raw } from 'typeorm';
import { OneTimeToken, User, type UserDraft } from '../entities/index.js';
import {
  emailAddress,
  InputCheck,
  locale,
  newPassword,
  personName,
  randomUsername,
  username,
} from '../entities/rules/index.js';
import type { Credentials } from './credentials/index.js';

interface Registration {
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
    private readonly clock: Clock,
  ) {}

  /** @throws BadUserInput, Conflict for a taken username, ServiceBusy */
  async register(input: Registration): Promise<void> {
    const { draft, password } = checked(input);
    const passwordHash = await this.credentials.hash(password);
    const admit = () => this.database.transaction((tx) => this.admit(tx, draft, passwordHash));
    // Whoever loses the race for a new address finds it taken the second time.
    await admit().catch((error) => (isUniqueViolation(error) ? admit() : Promise.reject(error)));
  }

  private async admit(tx: EntityManager, draft: Draft, passwordHash: string): Promise<void> {
    const known = await tx.findOne(User, { where: { email: draft.email }, lock: { mode: 'for_no_key_update' } });
    await this.refuseTakenUsername(tx, draft, known);
    if (known && !known.isPending) {
      await this.outbox.add(tx, registrationRepeated, { subject: known.id, actor: null, data: { userId: known.id } });
      return;
    }

    const user = known ? replaced(known, draft, this.clock.now()) : created(draft, this.clock.now());
    await tx.save(user);
    await tx.delete(OneTimeToken, { userId: user.id });
    await this.credentials.replace(tx, user.id, passwordHash);
    const event = { subject: user.id, actor: null, data: { userId: user.id } };
    await this.outbox.add(tx, userRegistered, event);
    await this.outbox.add(tx, verificationRequested, event);
  }

  /** Usernames are public, so a taken one may be told; a pending account may keep its own. */
  private async refuseTakenUsername(tx: EntityManager, draft: Draft, known: User | null): Promise<void> {
    if (draft.username === null) return;
    const holder = await tx.findOneBy(User, {
      username: Raw((column) => `lower(${column}) = lower(:name)`, { name: draft.username }),
    });
    const own = holder !== null && holder.id === known?.id && known.isPending;
    if (holder && !own) throw new Conflict('This username is taken.');
  }
}

/** A registration's account; without a username until it is known that it needs one. */
type Draft = Omit<UserDraft, 'username'> & { readonly username: string | null };

function checked(input: Registration): { draft: Draft; password: string } {
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
  return { draft, password };
}

const created = (draft: Draft, now: Date): User =>
  User.register({ ...draft, username: draft.username ?? randomUsername() }, now);

function replaced(pending: User, draft: Draft, now: Date): User {
  pending.change({ ...draft, username: draft.username ?? undefined }, now);
  return pending;
}
