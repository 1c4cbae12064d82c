import type { Clock } from '@platform/foundation/clock';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { NIL } from 'uuid';
import { Credential, InvalidCredentials, User } from '../../entities/index.js';
import type { LoginThrottle } from './login-throttle.js';
import type { PasswordHasher } from './password-hasher.js';

/** What came of a password: whose it is, or whose it is not (null when no account has the address). */
export type CredentialCheck =
  | { readonly right: true; readonly userId: string; readonly passwordHash: string }
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
  check(email: string | undefined, password: string): Promise<CredentialCheck> {
    return this.checkedAs(email ?? '', password, () => accountOf(this.database.read, email ?? null));
  }

  /** Whether the password is this user's own, whoever has their address by now. Counts with the logins of the address. @throws RateLimited, ServiceBusy */
  async checkOwn(userId: string, password: string): Promise<CredentialCheck> {
    const user = await this.database.read.findOne(User, { select: { id: true, email: true }, where: { id: userId } });
    return this.checkedAs(user?.email ?? userId, password, async () => ({
      id: user?.id ?? null,
      passwordHash: await hashOf(this.database.read, userId),
    }));
  }

  private async checkedAs(address: string, password: string, find: () => Promise<Account>): Promise<CredentialCheck> {
    let checked: CredentialCheck = { right: false, userId: null };
    await this.throttle.guarded(address, async (fromKnown) => {
      const { id: userId, passwordHash } = await find();
      const right = await this.hasher.verify(passwordHash, password, fromKnown);
      checked = right && userId && passwordHash ? { right, userId, passwordHash } : { right: false, userId };
      return checked.right;
    });
    return checked;
  }

  /** A new hash of a password that was just checked, when the hashing parameters have changed since. */
  async renewed(passwordHash: string, password: string): Promise<string | null> {
    return this.hasher.isOutdated(passwordHash) ? this.hasher.hash(password) : null;
  }

  /** Makes sure that what was checked before the transaction still holds in it. @throws InvalidCredentials */
  async confirm(tx: EntityManager, { userId, passwordHash }: Extract<CredentialCheck, { right: true }>): Promise<void> {
    if ((await hashOf(tx, userId)) !== passwordHash) throw new InvalidCredentials();
  }

  async replace(tx: EntityManager, userId: string, passwordHash: string): Promise<void> {
    await tx.upsert(Credential, { userId, passwordHash, changedAt: this.clock.now() }, ['userId']);
  }
}

/** Whose password is checked, if anybody's. */
interface Account {
  readonly id: string | null;
  readonly passwordHash: string | null;
}

/** The hash of a user's password; of a pending user, that of the newest registration. */
const hashOfUser = (id: string): string => `coalesce(
  (SELECT password_hash FROM credentials WHERE user_id = ${id}),
  (SELECT password_hash FROM registrations WHERE user_id = ${id} ORDER BY created_at DESC, id DESC LIMIT 1)
)`;

async function hashOf(manager: EntityManager, userId: string): Promise<string | null> {
  const [row]: { hash: string | null }[] = await manager.query(`SELECT ${hashOfUser('$1')} AS hash`, [userId]);
  return row?.hash ?? null;
}

/** Whoever has the address. One statement, which looks for a hash also when nobody has it, so that the time tells nothing. */
async function accountOf(manager: EntityManager, email: string | null): Promise<Account> {
  const [account]: [Account] = await manager.query(
    `SELECT nullif(id, $2) AS id, ${hashOfUser('account.id')} AS "passwordHash"
     FROM (SELECT coalesce((SELECT id FROM users WHERE email = $1), $2) AS id) AS account`,
    [email, NIL],
  );
  return account;
}
