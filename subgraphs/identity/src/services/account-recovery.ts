import { emailVerified, mfaReset, passwordChanged, sessionRevoked, userUnlocked } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { type Database, updateLocked } from '@platform/postgres/database';
import { Brackets, type EntityManager, Not } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  Credential,
  OneTimeToken,
  Passkey,
  RecoveryCode,
  Registration,
  TotpFactor,
  User,
  UserNotFound,
  UserStatus,
} from '../entities/index.js';
import { InputCheck, knownAs, newPassword } from '../entities/rules/index.js';
import { cancelEmailChange } from './cancel-email-change.js';
import type { PasswordHasher } from './credentials/index.js';
import { loginMethodsOf } from './factors/index.js';
import { lockedUser } from './locked-user.js';
import type { SessionRevocation } from './session-revocation.js';
import { checkedSearch, matchingUsers } from './user-search.js';

/** An account as an operator sees it. */
export interface AccountSummary {
  readonly id: string;
  readonly email: string | null;
  readonly username: string;
  readonly status: UserStatus;
  readonly emailVerified: boolean;
  readonly hasPassword: boolean;
  readonly totp: boolean;
  readonly passkeys: number;
  readonly createdAt: Date;
}

const SECOND_FACTORS = [TotpFactor, Passkey, RecoveryCode];

/** What operators do with accounts at the terminal, where nobody needs to be signed in. */
export class AccountRecovery {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly hasher: PasswordHasher,
    private readonly sessionRevocation: SessionRevocation,
    private readonly clock: Clock,
  ) {}

  /** The account with the id, the address or the username. Deleted ones are not there. */
  async find(who: string): Promise<AccountSummary | null> {
    const { read } = this.database;
    const user = await read
      .createQueryBuilder(User, 'account')
      .where({ status: Not(UserStatus.DELETED) })
      .andWhere(
        new Brackets((any) =>
          any
            .where('account.email = :email', { email: knownAs(who) ?? null })
            .orWhere('lower(account.username) = lower(:who)', { who })
            .orWhere('account.id = :id', { id: isUuid(who) ? who : null }),
        ),
      )
      .getOne();
    return user && ((await this.summaries([user]))[0] as AccountSummary);
  }

  /** Accounts, newest first; those that a search by the text finds, as in the API, and those `among` the ids, where given. @throws BadUserInput */
  async list(text: string, limit: number, among: readonly string[] | null = null): Promise<AccountSummary[]> {
    const { read } = this.database;
    const query = read.createQueryBuilder(User, 'account').where({ status: Not(UserStatus.DELETED) });
    const search = checkedSearch(text);
    if (among) query.andWhere('account.id = ANY(:among)', { among });
    if (search !== undefined && among) query.andWhere(HAS_TEXT, { search });
    if (search !== undefined && !among) {
      const ids = await matchingUsers(read, { search }, { ...FROM_THE_NEWEST, size: limit });
      query.andWhere('account.id = ANY(:ids)', { ids });
    }
    const newestFirst = { 'account.createdAt': 'DESC', 'account.id': 'DESC' } as const;
    return this.summaries(await query.orderBy(newestFirst).limit(limit).getMany());
  }

  /** False when the account was not locked. @throws UserNotFound */
  unlock(id: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const user = await lockedUser(tx, id);
      if (user.status !== UserStatus.LOCKED) return false;
      await updateLocked(tx, user, () => user.unlock(this.clock.now()));
      await this.outbox.add(tx, userUnlocked, announcement(user));
      return true;
    });
  }

  /** Ends every session and every mailed link of the user. @param vouched the operator knows that the address is theirs. @throws UserNotFound, BadUserInput */
  async setPassword(id: string, password: string, vouched: boolean): Promise<void> {
    const account = await this.database.read.findOneBy(User, { id });
    if (!account) throw new UserNotFound();
    const check = new InputCheck('');
    const accepted = check.field('password', () => newPassword(password, account));
    check.finish();
    const passwordHash = await this.hasher.hash(accepted);
    await this.database.transaction((tx) => this.setPasswordIn(tx, id, passwordHash, vouched));
  }

  /** Removes every second factor of the user, and ends their sessions. @throws UserNotFound */
  disableMfa(id: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      await lockedUser(tx, id);
      for (const entity of SECOND_FACTORS) await tx.delete(entity, { userId: id });
      await this.sessionRevocation.revoke(tx, id);
      const data = { userId: id, reason: 'Removed by an operator' };
      await this.outbox.add(tx, mfaReset, { subject: id, data });
    });
  }

  /** Answers how many. @throws UserNotFound */
  revokeSessions(id: string): Promise<number> {
    return this.database.transaction(async (tx) => {
      await lockedUser(tx, id);
      const sessionIds = await this.sessionRevocation.revoke(tx, id);
      const data = { userId: id, sessionIds, reason: 'revoked_by_operator' };
      if (sessionIds.length > 0) await this.outbox.add(tx, sessionRevoked, { subject: id, data });
      return sessionIds.length;
    });
  }

  private async setPasswordIn(tx: EntityManager, id: string, passwordHash: string, vouched: boolean): Promise<void> {
    const user = await lockedUser(tx, id);
    const now = this.clock.now();
    await tx.upsert(Credential, { userId: id, passwordHash, changedAt: now }, ['userId']);
    await this.sessionRevocation.revoke(tx, id);
    for (const entity of [OneTimeToken, Registration]) await tx.delete(entity, { userId: id });
    await cancelEmailChange(tx, id);
    await this.outbox.add(tx, passwordChanged, { subject: id, data: { userId: id, by: 'reset' } });
    if (!vouched || user.emailVerified) return;
    await updateLocked(tx, user, () => user.verifyEmail(now));
    await this.outbox.add(tx, emailVerified, announcement(user));
  }

  private async summaries(users: readonly User[]): Promise<AccountSummary[]> {
    return Promise.all(
      users.map(async ({ id, email, username, status, emailVerified, createdAt }) => {
        const { password: hasPassword, totp, passkeys } = await loginMethodsOf(this.database.read, id);
        return { id, email, username, status, emailVerified, hasPassword, totp, passkeys, createdAt };
      }),
    );
  }
}

const FROM_THE_NEWEST = { backward: false, after: undefined, before: undefined };

/** What a search finds, of rows that are read anyway. */
const HAS_TEXT =
  'strpos(user_words(account.username, account.email, account.firstName, account.lastName), folded(:search)) > 0';

const announcement = ({ id }: User) => ({ subject: id, data: { userId: id } });
