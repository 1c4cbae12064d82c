import type { Clock } from '@platform/foundation/clock';
import { updateLocked } from '@platform/postgres/database';
import { type EntityManager, Not, Raw } from 'typeorm';
import { InvalidToken, Registration, type RegistrationDraft, User } from '../entities/index.js';
import { randomUsername } from '../entities/rules/index.js';
import type { Credentials } from './credentials/index.js';

const sameUsername = (username: string) => Raw((column) => `lower(${column}) = lower(:username)`, { username });

/** The registrations of an address until one of them is confirmed. Whoever changes them holds the user's row locked. */
export class PendingRegistrations {
  constructor(
    private readonly credentials: Credentials,
    private readonly clock: Clock,
    /** How long (ms) a registration lasts; longer only while a link of it is good. */
    private readonly lifetime: number,
    /** The organization that every account belongs to; null where there are several. */
    private readonly home: string | null,
  ) {}

  /** Stands for an address that nobody had. @throws a violation of uniqueness when somebody else was faster */
  async begin(tx: EntityManager, email: string): Promise<User> {
    const user = User.pending(email, randomUsername(), this.home, this.clock.now());
    await tx.insert(User, user);
    return user;
  }

  /** Adds one; those of the user that nobody can confirm any more go. */
  async add(tx: EntityManager, user: User, draft: RegistrationDraft): Promise<Registration> {
    await this.expire(tx, user.id);
    const registration = Registration.of(user.id, draft, this.clock.now());
    await tx.insert(Registration, registration);
    return registration;
  }

  /**
   * True when another account than the user's has the username. Registrations keep none: there is one only where the address has no account,
   * so that a username which it kept would tell strangers which addresses have one.
   */
  isTaken(manager: EntityManager, username: string, userId: string | null): Promise<boolean> {
    return manager.existsBy(User, { username: sameUsername(username), ...(userId !== null && { id: Not(userId) }) });
  }

  /** The account becomes what the registration says, and its other registrations end. @throws InvalidToken when it is gone */
  async confirm(tx: EntityManager, user: User, registrationId: string): Promise<void> {
    const registration = await tx.findOneBy(Registration, { id: registrationId, userId: user.id });
    if (!registration) throw new InvalidToken();
    await this.adopt(tx, user, registration);
  }

  /** The address is shown to be the user's, and nothing else: no registration becomes the account, they all end. */
  async verifyAddress(tx: EntityManager, user: User): Promise<void> {
    await updateLocked(tx, user, () => user.verifyEmail(this.clock.now()));
    await this.discard(tx, user.id);
  }

  /** No registration of the user's address becomes the account. */
  async discard(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(Registration, { userId });
  }

  private async adopt(tx: EntityManager, user: User, registration: Registration): Promise<void> {
    const { firstName, lastName, locale, passwordHash } = registration;
    const username = await this.usernameFor(tx, user, registration);
    await updateLocked(tx, user, () => {
      user.change({ username, firstName, lastName, locale }, this.clock.now());
      user.verifyEmail(this.clock.now());
    });
    await this.credentials.replace(tx, user.id, passwordHash);
    await this.discard(tx, user.id);
  }

  /** Somebody else may have been faster to confirm the same username. */
  private async usernameFor(tx: EntityManager, user: User, { username }: Registration): Promise<string> {
    return username === null || (await this.isTaken(tx, username, user.id)) ? randomUsername() : username;
  }

  private async expire(tx: EntityManager, userId: string): Promise<void> {
    await tx.query(
      `DELETE FROM registrations WHERE user_id = $1 AND created_at < $2
         AND NOT EXISTS (SELECT FROM one_time_tokens WHERE registration_id = registrations.id AND expires_at > $3)`,
      [userId, this.expiry, this.clock.now()],
    );
  }

  private get expiry(): Date {
    return new Date(this.clock.now().getTime() - this.lifetime);
  }
}
