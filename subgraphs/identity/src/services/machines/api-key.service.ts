import { apiKeyVersion, type Caller, NO_ORGANIZATION, type RevocationVersions } from '@platform/auth';
import { apiKeyRevoked } from '@platform/contracts';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import { validate as isUuid } from 'uuid';
import { ApiKey, ApiKeyNotFound, LimitReached, Membership, OrganizationRequired } from '../../entities/index.js';
import type { RecentAuthentication } from '../factors/index.js';
import { announced, type IssuedKey, type KeyIssuer, type KeyWish } from './key-issuer.js';
import { MAX_KEYS_OF_USER } from './limits.js';

/** How people make and end keys in the organization that they act in. */
export class ApiKeyService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly issuer: KeyIssuer,
    private readonly recent: RecentAuthentication,
  ) {}

  /** A key that acts for the caller. @throws Unauthenticated, SessionRequired, ReauthenticationRequired, OrganizationRequired, BadUserInput, UnknownPermission, PrivilegeEscalation, LimitReached */
  async create(caller: Caller, wish: KeyWish): Promise<IssuedKey> {
    const { userId } = await this.recent.require(caller);
    if (caller.tenantId === NO_ORGANIZATION) throw new OrganizationRequired();
    const checked = this.issuer.checked(caller, wish, true);
    return this.database.transaction(async (tx) => {
      // Of two that are made at once, the second counts the first.
      const lock = { mode: 'for_no_key_update' } as const;
      const membership = await tx.findOne(Membership, { where: { userId }, lock });
      if (!membership?.isActive) throw new OrganizationRequired();
      const { organizationId } = membership;
      if ((await tx.countBy(ApiKey, { userId })) >= MAX_KEYS_OF_USER)
        throw new LimitReached(MAX_KEYS_OF_USER, 'keys of one user in an organization');
      return this.issuer.issue(tx, { organizationId, userId, serviceAccountId: null }, checked);
    });
  }

  /** From the answer on the key is refused everywhere. @throws ApiKeyNotFound, also for one that the caller may not revoke */
  revoke(caller: Caller, id: string): Promise<true> {
    return this.database.transaction(async (tx) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const key = isUuid(id) ? await tx.findOne(ApiKey, { where: { id }, lock }) : null;
      if (!key || !mayRevoke(caller, key)) throw new ApiKeyNotFound();
      await tx.delete(ApiKey, { id: key.id });
      await this.outbox.add(tx, apiKeyRevoked, { subject: key.id, data: announced(key) });
      await bumpVersions(tx, this.revocations, [apiKeyVersion(key.id)]);
      return true as const;
    });
  }
}

const mayRevoke = ({ userId, permissions }: Caller, key: ApiKey): boolean =>
  (key.userId !== null && key.userId === userId) ||
  permissions.has('identity.api_key.revoke') ||
  (key.serviceAccountId !== null && permissions.has('identity.service_account.manage'));
