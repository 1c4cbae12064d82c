import type { Clock } from '@platform/kernel/clock';
import type { Database } from '@platform/kernel/database';
import type { EntityManager } from 'typeorm';
import { NIL } from 'uuid';
import { Credential, User } from '../../entities/index.js';
import { isEmailAddress } from '../../entities/rules/index.js';
import { InvalidCredentials } from '../errors.js';
import type { LoginThrottle } from './login-throttle.js';
import type { PasswordHasher } from './password-hasher.js';

/** What came of a password: whose it is, or whose it is not (null when no account has the address). */
export type Checked =
  | { readonly right: true; readonly user: User; readonly passwordHash: string }
  | { readonly right: false; readonly userId: string | null };

/** Users' passwords: checked under the throttle, replaced within a change. */
export class Credentials {
  constructor(
    private readonly database: Database,
    private readonly hasher: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly clock: Clock,
  ) {}

  /** @throws ServiceBusy */
  hash(password: string): Promise<string> {
    return this.hasher.hash(password);
  }

  /** Takes as long for an unknown address (normalised) as for a known one. @throws RateLimited, ServiceBusy */
  async check(email: string, password: string): Promise<Checked> {
    let checked: Checked = { right: false, userId: null };
    await this.throttle.guarded(email, async () => {
      const user = isEmailAddress(email) ? await this.database.read.findOneBy(User, { email }) : null;
      const credential = await this.database.read.findOneBy(Credential, { userId: user?.id ?? NIL });
      const passwordHash = credential?.passwordHash ?? null;
      const right = await this.hasher.verify(passwordHash, password);
      checked =
        right && user && passwordHash ? { right, user, passwordHash } : { right: false, userId: user?.id ?? null };
      return checked.right;
    });
    return checked;
  }

  /** A new hash of a password that was just checked, when the hashing parameters have changed since. */
  async renewed(passwordHash: string, password: string): Promise<string | null> {
    return this.hasher.isOutdated(passwordHash) ? this.hasher.hash(password) : null;
  }

  /** Makes sure that what was checked before the transaction still holds in it. @throws InvalidCredentials */
  async confirm(tx: EntityManager, { user, passwordHash }: Extract<Checked, { right: true }>): Promise<void> {
    if (!(await tx.existsBy(Credential, { userId: user.id, passwordHash }))) throw new InvalidCredentials();
  }

  async replace(tx: EntityManager, userId: string, passwordHash: string): Promise<void> {
    await tx.upsert(Credential, { userId, passwordHash, changedAt: this.clock.now() }, ['userId']);
  }
}
