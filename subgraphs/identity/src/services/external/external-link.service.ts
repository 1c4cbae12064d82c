import type { Caller } from '@platform/auth';
import { externalIdentityUnlinked } from '@platform/contracts';
import { Conflict } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import { type Database, isUniqueViolation } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  ExternalIdentity,
  ExternalIdentityInUse,
  ExternalIdentityNotFound,
  LastLoginMethod,
} from '../../entities/index.js';
import { canSignInBy, loginMethodsOf, type RecentAuthentication } from '../factors/index.js';
import { lockedUser } from '../locked-user.js';
import type { BrowserFlow, FlowEnd, FlowStart, StartedFlow } from './browser-flow.js';
import type { ExternalAccounts } from './external-accounts.js';

/** Accounts at external providers that a user who is signed in links to their own, and unlinks. */
export class ExternalLinkService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly recent: RecentAuthentication,
    private readonly flow: BrowserFlow,
    private readonly accounts: ExternalAccounts,
  ) {}

  /** The user's linked accounts, oldest first. */
  list(userId: string): Promise<ExternalIdentity[]> {
    return this.database.read.find(ExternalIdentity, { where: { userId }, order: { linkedAt: 'ASC', id: 'ASC' } });
  }

  /** @throws BadUserInput, ProviderNotFound, ProviderUnavailable; as `RecentAuthentication.require` */
  async begin(caller: Caller, userId: string, input: FlowStart): Promise<StartedFlow> {
    await this.recent.require(caller);
    return this.flow.begin(userId, input);
  }

  /** @throws InvalidToken, also for what another user has begun; ExternalIdentityInUse, Conflict for a second account of the provider */
  complete(userId: string, end: FlowEnd): Promise<ExternalIdentity> {
    const linking = this.database.transaction((tx) => this.link(tx, userId, end));
    return linking.catch((error) => {
      throw isUniqueViolation(error) ? new ExternalIdentityInUse() : error;
    });
  }

  /** @throws ExternalIdentityNotFound, LastLoginMethod; as `RecentAuthentication.require` */
  async unlink(caller: Caller, userId: string, id: string): Promise<true> {
    await this.recent.require(caller);
    if (!isUuid(id)) throw new ExternalIdentityNotFound();
    return this.database.transaction(async (tx) => {
      await lockedUser(tx, userId);
      const identity = await tx.findOneBy(ExternalIdentity, { id, userId });
      if (!identity) throw new ExternalIdentityNotFound();
      await tx.delete(ExternalIdentity, { id });
      if (!canSignInBy(await loginMethodsOf(tx, userId))) throw new LastLoginMethod();
      const data = { userId, provider: identity.provider };
      await this.outbox.add(tx, externalIdentityUnlinked, { subject: userId, data });
      return true as const;
    });
  }

  private async link(tx: EntityManager, userId: string, end: FlowEnd): Promise<ExternalIdentity> {
    const user = await lockedUser(tx, userId);
    const login = await this.flow.redeem(tx, end, userId);
    const { provider, issuer, subject } = login;
    const known = await tx.findOneBy(ExternalIdentity, { provider, issuer, subject });
    if (known && known.userId !== userId) throw new ExternalIdentityInUse();
    if (known) return known;
    if (await tx.existsBy(ExternalIdentity, { userId, provider }))
      throw new Conflict('Another account of this provider is linked. Unlink it first.', { field: 'input.provider' });
    return this.accounts.link(tx, user, provider, login, 'owner');
  }
}
