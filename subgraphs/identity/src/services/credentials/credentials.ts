import type { Clock } from '@platform/kernel/clock';
import type { Database } from '@platform/kernel/database';
import type { EntityManager } from 'typeorm';
import { NIL } from 'uuid';
import { Credential, User } from '../../entities/index.js';
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

  /** Takes as long for an unknown address, or for none, as for a known one. @throws RateLimited, ServiceBusy */
  check(email: string | undefined, password: string): Promise<Checked> {
    return this.checkedAs(email ?? '', password, async () =>
      email ? this.database.read.findOneBy(User, { email }) : null,
    );
  }

  /** Whether the password is this user's own, whoever has their address by now. Counts with the logins of the address. @throws RateLimited, ServiceBusy */
  async checkOwn(userId: string, password: string): Promise<Checked> {
    const user = await this.database.read.findOneBy(User, { id: userId });
    return this.checkedAs(user?.email ?? userId, password, async () => user);
  }

  private async checkedAs(account: string, password: string, find: () => Promise<User | null>): Promise<Checked> {
    let checked: Checked = { right: false, userId: null };
    await this.throttle.guarded(account, async (fromKnown) => {
      const user = await find();
      const passwordHash = await hashOf(this.database.read, user?.id ?? NIL);
      const right = await this.hasher.verify(passwordHash, password, fromKnown);
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
    if ((await hashOf(tx, user.id)) !== passwordHash) throw new InvalidCredentials();
  }

  async replace(tx: EntityManager, userId: string, passwordHash: string): Promise<void> {
    await tx.upsert(Credential, { userId, passwordHash, changedAt: this.clock.now() }, ['userId']);
  }
}

/** The hash of the user's password; of a pending user, that of the newest registration. One statement, so that the time tells nothing. */
async function hashOf(manager: EntityManager, userId: string): Promise<string | null> {
  const [row]: { hash: string | null }[] = await manager.query(
    `SELECT coalesce(
       (SELECT password_hash FROM credentials WHERE user_id = $1),
       (SELECT password_hash FROM registrations WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1)
     ) AS hash`,
    [userId],
  );
  return row?.hash ?? null;
}
