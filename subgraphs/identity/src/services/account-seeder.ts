import { emailVerified, userRegistered } from '@platform/contracts';
import type { Clock } from '@platform/kernel/clock';
import type { Database } from '@platform/kernel/database';
import type { Outbox } from '@platform/kernel/events';
import type { EntityManager } from 'typeorm';
import { Credential, Registration, User } from '../entities/index.js';
import { emailAddress, InputCheck, newPassword, username } from '../entities/rules/index.js';
import type { PasswordHasher } from './credentials/index.js';
import { refusingDuplicates } from './refusing-duplicates.js';

/** Makes accounts from the command line, where whoever asks is trusted with the address. */
export class AccountSeeder {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly hasher: PasswordHasher,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes sure that a verified account has the address. One that is verified or locked stays as it is; one that nobody
   * verified is taken over. `created` tells whether the password is the given one. @throws BadUserInput, Conflict for a taken username
   */
  async ensureVerifiedUser(input: {
    email: string;
    password: string;
    username: string;
  }): Promise<{ id: string; created: boolean }> {
    const check = new InputCheck('');
    const name = check.field('username', () => username(input.username));
    const email = check.field('email', () => emailAddress(input.email));
    const password = check.field('password', () => newPassword(input.password, { email, username: name }));
    check.finish();
    const passwordHash = await this.hasher.hash(password);
    return refusingDuplicates(
      this.database.transaction((tx) => this.ensure(tx, { email, username: name }, passwordHash)),
    );
  }

  private async ensure(tx: EntityManager, names: { email: string; username: string }, passwordHash: string) {
    const now = this.clock.now();
    const known = await tx.findOne(User, { where: { email: names.email }, lock: { mode: 'for_no_key_update' } });
    if (known && !known.awaitsVerification) return { id: known.id, created: false };

    const user = known ?? User.create({ ...names, firstName: null, lastName: null, locale: null }, now);
    user.change({ ...names, emailVerified: true }, now);
    await tx.save(user);
    await tx.delete(Registration, { userId: user.id });
    await tx.upsert(Credential, { userId: user.id, passwordHash, changedAt: now }, ['userId']);
    const event = { subject: user.id, data: { userId: user.id } };
    await this.outbox.add(tx, userRegistered, event);
    await this.outbox.add(tx, emailVerified, event);
    return { id: user.id, created: true };
  }
}
