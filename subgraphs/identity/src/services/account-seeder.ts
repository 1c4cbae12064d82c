import { emailVerified, userRegistered } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { type Database, updateLocked } from '@platform/postgres/database';
import { actingTenant } from '@platform/postgres/tenancy';
import { type EntityManager, Raw } from 'typeorm';
import { Credential, OneTimeToken, Registration, Session, User } from '../entities/index.js';
import { emailAddress, InputCheck, newPassword, randomUsername, username } from '../entities/rules/index.js';
import type { PasswordHasher } from './credentials/index.js';
import { lockedUser } from './locked-user.js';
import { mapUniqueViolations } from './map-unique-violations.js';

interface Draft {
  readonly email: string;
  readonly password: string;
  /** Another one is taken where somebody has it. */
  readonly username: string;
}

/** Makes the account of the first administrator, where whoever asks is trusted with the address. */
export class AccountSeeder {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly hasher: PasswordHasher,
    private readonly clock: Clock,
  ) {}

  /**
   * An account with the address and the password, which cannot sign in until `verify`. One that has the address and of which nobody
   * has verified any is taken over, links and all; so a seeding that was cut short goes on. Null when the account is somebody's who
   * verified this address or an earlier one, or signed in: that is a person's account, and stays as it is. @throws BadUserInput
   */
  async prepare(input: Draft): Promise<string | null> {
    const check = new InputCheck('');
    const name = check.field('username', () => username(input.username));
    const email = check.field('email', () => emailAddress(input.email));
    const password = check.field('password', () => newPassword(input.password, { email, username: name }));
    check.finish();
    const passwordHash = await this.hasher.hash(password);
    return mapUniqueViolations(
      this.database.transaction((tx) => this.prepareIn(tx, { email, username: name }, passwordHash)),
    );
  }

  private async prepareIn(tx: EntityManager, names: Omit<Draft, 'password'>, passwordHash: string) {
    const now = this.clock.now();
    const known = await tx.findOne(User, { where: { email: names.email }, lock: { mode: 'for_no_key_update' } });
    if (known && !(await isUnclaimed(tx, known))) return null;

    const draft = { ...names, username: await freeUsername(tx, names.username, known) };
    const user = known ?? User.create({ ...draft, firstName: null, lastName: null, locale: null }, actingTenant(), now);
    user.change(draft, now);
    user.pending = false; // registering the address again takes nothing over any more
    await tx.save(user);
    await tx.delete(Registration, { userId: user.id });
    await tx.upsert(Credential, { userId: user.id, passwordHash, changedAt: now }, ['userId']);
    await tx.delete(OneTimeToken, { userId: user.id });
    if (!known) await this.outbox.add(tx, userRegistered, announcement(user));
    return user.id;
  }

  /** From now on the account can sign in. @throws UserNotFound */
  verify(userId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const user = await lockedUser(tx, userId);
      if (user.emailVerified) return;
      await updateLocked(tx, user, () => user.verifyEmail(this.clock.now()));
      await this.outbox.add(tx, emailVerified, announcement(user));
    });
  }
}

const announcement = ({ id }: User) => ({ subject: id, data: { userId: id } });

/** Also where the past was written down by an older release: who has a session has signed in. */
const isUnclaimed = async (tx: EntityManager, user: User): Promise<boolean> =>
  user.isUnclaimed && !(await tx.existsBy(Session, { userId: user.id }));

/** The wanted name, unless somebody else has it. */
async function freeUsername(tx: EntityManager, wanted: string, owner: User | null): Promise<string> {
  const holder = await tx.findOneBy(User, {
    username: Raw((column) => `lower(${column}) = lower(:name)`, { name: wanted }),
  });
  return holder === null || holder.id === owner?.id ? wanted : randomUsername();
}
