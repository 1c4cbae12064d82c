import type { Caller } from '@platform/auth';
import {
  emailChanged,
  userCreated,
  userLocked,
  userUnlocked,
  userUpdated,
  verificationRequested,
} from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { Conflict } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import { type Database, isUniqueViolation, updateLocked } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { Credential, EmailChange, OneTimeToken, User, type UserDraft, UserStatus } from '../entities/index.js';
import {
  emailAddress,
  InputCheck,
  locale,
  personName,
  randomUsername,
  reason,
  username,
} from '../entities/rules/index.js';
import { cancelEmailChange } from './cancel-email-change.js';
import type { Erasure } from './erasure.js';
import type { ManagedUsers } from './managed-users.js';
import { ADDRESS_TAKEN, mapUniqueViolations } from './map-unique-violations.js';
import { type Admission, activeOrganizations } from './organizations/index.js';
import type { PendingRegistrations } from './pending-registrations.js';
import type { SessionRevocation } from './session-revocation.js';
import { type ChangeInput, checkedChanges } from './user-changes.js';

/** What administrators do with others' accounts. Every change may be refused as `ManagedUsers` says. */
export class UserAdministrationService {
  constructor(
    private readonly database: Database,
    private readonly managed: ManagedUsers,
    private readonly outbox: Outbox,
    private readonly effects: {
      readonly sessionRevocation: SessionRevocation;
      readonly erasure: Erasure;
      readonly pending: PendingRegistrations;
      readonly admission: Admission;
    },
    private readonly clock: Clock,
  ) {}

  /**
   * An account without a password; its owner is mailed a link to set one. An address that was registered and never confirmed is no
   * account yet: it becomes this one, and its registrations end. @throws BadUserInput, Conflict
   */
  async create(actor: Caller, input: Omit<ChangeInput, 'emailVerified'> & { email: string }): Promise<User> {
    const draft = checkedDraft(input);
    const attempt = () => this.createOrTakeOver(actor, draft);
    // A first registration of the address may commit in between: the second look finds it.
    const creation = attempt().catch((error: unknown) =>
      isUniqueViolation(error, 'users_email_key') ? attempt() : Promise.reject(error),
    );
    return mapUniqueViolations(creation);
  }

  /**
   * A new address is told to the old one, and verified again unless the administrator vouches for it. Whoever read the old one is signed
   * out. @throws BadUserInput, Conflict, UserNotFound
   */
  update(actor: Caller, id: string, input: ChangeInput): Promise<User> {
    const changes = checkedChanges(input);
    const change = this.managed.change(actor, id, {
      endsSignIn: (user) => user.isUnverifiedBy(changes),
      apply: async (tx, user) => {
        const wasPending = user.pending;
        const fields = await updateLocked(tx, user, () => user.change(changes, this.clock.now()));
        if (fields.length === 0) return user;
        await this.outbox.add(tx, userUpdated, { subject: user.id, data: { userId: user.id, fields } });
        if (fields.includes('email')) await this.followNewAddress(tx, user, actor);
        else if (wasPending && !user.pending) await this.invite(tx, user);
        return user;
      },
    });
    return mapUniqueViolations(change);
  }

  /** The user's sessions end at once. @throws BadUserInput, UserNotFound */
  lock(actor: Caller, id: string, why: string): Promise<User> {
    const check = new InputCheck('');
    const given = check.field('reason', () => reason(why));
    check.finish();
    return this.managed.change(actor, id, {
      endsSignIn: () => true,
      apply: async (tx, user) => {
        if (user.status === UserStatus.LOCKED) return user;
        await updateLocked(tx, user, () => user.lock(this.clock.now()));
        await cancelEmailChange(tx, user.id);
        await this.effects.sessionRevocation.revoke(tx, user.id);
        await this.outbox.add(tx, userLocked, { subject: user.id, data: { userId: user.id, reason: given } });
        return user;
      },
    });
  }

  /** @throws UserNotFound */
  unlock(actor: Caller, id: string): Promise<User> {
    return this.managed.change(actor, id, {
      endsSignIn: () => false,
      apply: async (tx, user) => {
        if (user.status !== UserStatus.LOCKED) return user;
        await updateLocked(tx, user, () => user.unlock(this.clock.now()));
        await this.outbox.add(tx, userUnlocked, { subject: user.id, data: { userId: user.id } });
        return user;
      },
    });
  }

  /** @throws UserNotFound */
  delete(actor: Caller, id: string): Promise<true> {
    return this.managed.change(actor, id, {
      endsSignIn: () => true,
      organizations: activeOrganizations,
      apply: async (tx, user) => {
        await this.effects.erasure.erase(tx, user);
        return true as const;
      },
    });
  }

  private async createOrTakeOver(actor: Caller, draft: UserDraft): Promise<User> {
    const known = await this.database.read.findOneBy(User, { email: draft.email });
    if (known?.isPending) return this.takeOver(actor, known.id, draft);
    return this.database.transaction(async (tx) => {
      const user = User.invite(draft, this.effects.admission.home, this.clock.now());
      await tx.insert(User, user);
      await this.effects.admission.admitCreated(tx, user.id, actor.userId);
      await this.outbox.add(tx, userCreated, { subject: user.id, data: { userId: user.id } });
      return user;
    });
  }

  private takeOver(actor: Caller, id: string, draft: UserDraft): Promise<User> {
    return this.managed.change(actor, id, {
      endsSignIn: () => false,
      apply: async (tx, user) => {
        if (!user.isPending || user.email !== draft.email) throw new Conflict(ADDRESS_TAKEN, { field: 'input.email' });
        for (const entity of [Credential, OneTimeToken]) await tx.delete(entity, { userId: user.id });
        await this.effects.pending.discard(tx, user.id);
        await updateLocked(tx, user, () => user.takeOver(draft, this.clock.now()));
        await this.effects.admission.admitCreated(tx, user.id, actor.userId);
        await this.outbox.add(tx, userCreated, { subject: user.id, data: { userId: user.id } });
        return user;
      },
    });
  }

  /** Vouching for an address says nothing of who registered it: its owner chooses a password, and no registration becomes the account. */
  private async invite(tx: EntityManager, user: User): Promise<void> {
    await this.effects.pending.discard(tx, user.id);
    await this.outbox.add(tx, verificationRequested, { subject: user.id, data: { userId: user.id } });
  }

  /**
   * What a reader of the old address was mailed must not work any more: links, registrations, and unless the user made the change, their sessions. Where
   * an invitation to the old address set the password and nobody vouches for the new one, the old one may have been a stranger's: the
   * password goes. Who has no password is invited at the new address. Changes that the user made before cannot be reverted: an
   * administrator has decided on the address; who is one cannot end what the owner of their account may need.
   */
  private async followNewAddress(tx: EntityManager, user: User, actor: Caller): Promise<void> {
    const event = { subject: user.id, data: { userId: user.id } };
    await tx.delete(OneTimeToken, { userId: user.id });
    await this.effects.pending.discard(tx, user.id);
    await cancelEmailChange(tx, user.id);
    if (!(actor.kind === 'user' && actor.userId === user.id)) {
      await tx.delete(EmailChange, { userId: user.id });
      await this.effects.sessionRevocation.revoke(tx, user.id);
      if (user.invited && !user.emailVerified) await tx.delete(Credential, { userId: user.id });
    }
    await this.outbox.add(tx, emailChanged, event);
    const invited = !(await tx.existsBy(Credential, { userId: user.id }));
    if (!user.emailVerified || invited) await this.outbox.add(tx, verificationRequested, event);
  }
}

function checkedDraft(input: ChangeInput & { email: string }): UserDraft {
  const check = new InputCheck();
  const draft: UserDraft = {
    email: check.field('email', () => emailAddress(input.email)),
    username: check.field('username', () => (input.username == null ? randomUsername() : username(input.username))),
    firstName: check.field('firstName', () => personName(input.firstName)),
    lastName: check.field('lastName', () => personName(input.lastName)),
    locale: check.field('locale', () => locale(input.locale)),
  };
  check.finish();
  return draft;
}
