import { emailVerified, externalIdentityLinked, userRegistered } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { updateLocked } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import {
  AccountLinkRequired,
  AccountLocked,
  Credential,
  EmailNotVerified,
  type ExternalAccount,
  ExternalIdentity,
  InvalidToken,
  ProviderEmailUnverified,
  RegistrationClosed,
  User,
  UserStatus,
} from '../../entities/index.js';
import { randomUsername } from '../../entities/rules/index.js';
import { lockedUser } from '../locked-user.js';
import type { PendingRegistrations } from '../pending-registrations.js';
import type { OneTimeTokens } from '../tokens/index.js';
import type { ExternalProvider } from './external-provider.js';

const LOCKED = { mode: 'for_no_key_update' } as const;

/** How an identity became linked. */
type LinkedBy = 'registration' | 'sign_in' | 'owner';

/** Whose account somebody signs in to who has shown who they are at a provider. */
export class ExternalAccounts {
  constructor(
    private readonly outbox: Outbox,
    private readonly links: { readonly pending: PendingRegistrations; readonly tokens: OneTimeTokens },
    private readonly clock: Clock,
    /** The organization that every account belongs to; null where there are several. */
    private readonly home: string | null,
  ) {}

  /**
   * The user with their row locked, who may sign in. @throws AccountLocked, EmailNotVerified; for an account that is not linked
   * ProviderEmailUnverified, AccountLinkRequired, RegistrationClosed; a violation of uniqueness when somebody else was faster
   */
  async signIn(tx: EntityManager, provider: ExternalProvider, account: ExternalAccount): Promise<User> {
    const { issuer, subject, email } = account;
    const key = { provider: provider.id, issuer, subject };
    const known = await tx.findOneBy(ExternalIdentity, key);
    const user = known ? await this.linked(tx, known) : await this.unlinked(tx, provider, account);
    await tx.update(ExternalIdentity, key, { email, lastUsedAt: this.clock.now() });
    return user;
  }

  /** @param user with their row locked. */
  async link(tx: EntityManager, user: User, provider: string, account: ExternalAccount, by: LinkedBy) {
    const identity = ExternalIdentity.link(user.id, provider, account, this.clock.now());
    await tx.insert(ExternalIdentity, identity);
    await this.outbox.add(tx, externalIdentityLinked, about(user, { provider, by }));
    return identity;
  }

  private async linked(tx: EntityManager, { id, userId }: ExternalIdentity): Promise<User> {
    const user = await lockedUser(tx, userId);
    if (!(await tx.existsBy(ExternalIdentity, { id, userId }))) throw new InvalidToken();
    return mayEnter(user);
  }

  /** Nobody is signed in to an account on the word of a provider that does not give out its address. */
  private async unlinked(tx: EntityManager, provider: ExternalProvider, account: ExternalAccount): Promise<User> {
    const { email, emailVerified: isVerified, authoritative } = account;
    if (email === null || !isVerified) throw new ProviderEmailUnverified();
    const owner = await tx.findOne(User, { where: { email }, lock: LOCKED });
    if (!owner || owner.isPending) return this.register(tx, provider, { ...account, email }, owner);
    const linksProvider = await tx.existsBy(ExternalIdentity, { userId: owner.id, provider: provider.id });
    if (!authoritative || !owner.emailVerified || linksProvider) throw new AccountLinkRequired();
    mayEnter(owner);
    await this.link(tx, owner, provider.id, account, 'sign_in');
    return owner;
  }

  /**
   * A new account, verified and without a password. Who registered the address before and has not shown it to be theirs may be a
   * stranger: nothing of what they chose stays.
   */
  private async register(
    tx: EntityManager,
    provider: ExternalProvider,
    account: ExternalAccount & { email: string },
    pending: User | null,
  ): Promise<User> {
    if (!provider.registration) throw new RegistrationClosed();
    const user = pending ? await this.takeOver(tx, pending, account) : await this.create(tx, account);
    await this.outbox.add(tx, emailVerified, about(user));
    await this.link(tx, user, provider.id, account, 'registration');
    return user;
  }

  private async create(tx: EntityManager, account: ExternalAccount & { email: string }): Promise<User> {
    const now = this.clock.now();
    const user = User.create({ ...profileOf(account), email: account.email }, this.home, now);
    user.verifyEmail(now);
    await tx.insert(User, user);
    await this.outbox.add(tx, userRegistered, about(user));
    return user;
  }

  private async takeOver(tx: EntityManager, user: User, account: ExternalAccount): Promise<User> {
    await this.links.pending.discard(tx, user.id);
    await this.links.tokens.revokeAll(tx, user.id);
    await tx.delete(Credential, { userId: user.id });
    await updateLocked(tx, user, () => {
      user.change(profileOf(account), this.clock.now());
      user.verifyEmail(this.clock.now());
    });
    return user;
  }
}

const profileOf = ({ firstName, lastName, locale }: ExternalAccount) => ({
  username: randomUsername(),
  firstName,
  lastName,
  locale,
});

const about = <T extends object>({ id }: User, more?: T) => ({
  subject: id,
  actor: id,
  data: { userId: id, ...(more as T) },
});

/** @throws AccountLocked, EmailNotVerified */
function mayEnter(user: User): User {
  if (user.status !== UserStatus.ACTIVE) throw new AccountLocked();
  if (!user.emailVerified) throw new EmailNotVerified();
  return user;
}
