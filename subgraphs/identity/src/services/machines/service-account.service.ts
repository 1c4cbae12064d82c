import { type Caller, NO_ORGANIZATION, type RevocationVersions, serviceAccountVersion } from '@platform/auth';
import { serviceAccountCreated, serviceAccountDeleted, serviceAccountUpdated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { Conflict } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import { afterCommit, type Database, isUniqueViolation, updateLocked } from '@platform/postgres/database';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  ApiKey,
  LimitReached,
  Organization,
  OrganizationRequired,
  ServiceAccount,
  type ServiceAccountDetails,
  ServiceAccountNotFound,
} from '../../entities/index.js';
import { InputCheck, machineDescription, machineName } from '../../entities/rules/index.js';
import type { AuthzClient } from '../authz-client.js';
import type { RecentAuthentication } from '../factors/index.js';
import { checkedRoleIds } from '../organizations/index.js';
import type { IssuedKey, KeyIssuer, KeyWish } from './key-issuer.js';
import { MAX_KEYS_OF_SERVICE_ACCOUNT, MAX_SERVICE_ACCOUNTS } from './limits.js';

interface NewServiceAccount {
  readonly name: string;
  readonly description?: string | null;
  readonly roleIds: readonly string[];
}

interface ServiceAccountChange {
  readonly name?: string | null;
  readonly description?: string | null;
  readonly enabled?: boolean | null;
}

/** How the machine identities of an organization come, change and go. What stops a key counts from the answer on, everywhere. */
export class ServiceAccountService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly parts: {
      readonly authz: AuthzClient;
      readonly issuer: KeyIssuer;
      readonly recent: RecentAuthentication;
    },
    private readonly clock: Clock,
  ) {}

  /** It is there with its roles, or not at all. @throws OrganizationRequired, BadUserInput, ROLE_NOT_FOUND, PERMISSION_NOT_HELD, Conflict, LimitReached, ServiceUnavailable */
  async create(caller: Caller, input: NewServiceAccount): Promise<ServiceAccount> {
    if (caller.tenantId === NO_ORGANIZATION) throw new OrganizationRequired();
    const check = new InputCheck();
    const name = check.field('name', () => machineName(input.name));
    const description = check.field('description', () => machineDescription(input.description));
    const roleIds = check.field('roleIds', () => checkedRoleIds(input.roleIds));
    check.finish();
    if (roleIds.length > 0) await this.parts.authz.assignableRoles(caller, roleIds);
    return named(
      this.database.transaction(async (tx) => {
        const organization = await tx.findOne(Organization, {
          where: { id: caller.tenantId },
          lock: { mode: 'for_no_key_update' },
        });
        if (!organization) throw new OrganizationRequired();
        if ((await tx.countBy(ServiceAccount, {})) >= MAX_SERVICE_ACCOUNTS)
          throw new LimitReached(MAX_SERVICE_ACCOUNTS, 'service accounts of an organization');
        const account = ServiceAccount.create(organization.id, { name, description }, caller.userId, this.clock.now());
        await tx.insert(ServiceAccount, account);
        await this.outbox.add(tx, serviceAccountCreated, {
          subject: account.id,
          data: { serviceAccountId: account.id },
        });
        await this.parts.authz.admitServiceAccount(account.id, roleIds);
        return account;
      }),
    );
  }

  /** @throws ServiceAccountNotFound, BadUserInput, Conflict */
  update(id: string, input: ServiceAccountChange): Promise<ServiceAccount> {
    const details = checkedChange(input);
    return named(
      this.database.transaction(async (tx) => {
        const account = await locked(tx, id);
        const fields = await updateLocked(tx, account, () => account.change(details, this.clock.now()));
        if (fields.length > 0) {
          const data = { serviceAccountId: account.id, fields };
          await this.outbox.add(tx, serviceAccountUpdated, { subject: account.id, data });
        }
        await bumpVersions(tx, this.revocations, [serviceAccountVersion(account.id)]);
        return account;
      }),
    );
  }

  /** @throws ServiceAccountNotFound */
  delete(id: string): Promise<true> {
    return this.database.transaction(async (tx) => {
      const account = await locked(tx, id);
      await tx.delete(ServiceAccount, { id: account.id });
      await this.outbox.add(tx, serviceAccountDeleted, {
        subject: account.id,
        data: { serviceAccountId: account.id },
      });
      await bumpVersions(tx, this.revocations, [serviceAccountVersion(account.id)]);
      afterCommit(tx, () => this.parts.authz.releaseServiceAccount(account.id));
      return true as const;
    });
  }

  /**
   * A key that may do what the scopes say; without any all that the service account may, which the caller then has to hold.
   * @throws Unauthenticated, SessionRequired, ReauthenticationRequired, ServiceAccountNotFound, BadUserInput, UnknownPermission, PERMISSION_NOT_HELD, LimitReached, ServiceUnavailable
   */
  async createKey(caller: Caller, id: string, wish: KeyWish): Promise<IssuedKey> {
    await this.parts.recent.require(caller);
    const checked = this.parts.issuer.checked(caller, wish, false);
    if (!(isUuid(id) && (await this.database.read.existsBy(ServiceAccount, { id }))))
      throw new ServiceAccountNotFound();
    if (checked.scopes.length === 0) await this.parts.authz.assertMayActAs(caller, id);
    return this.database.transaction(async (tx) => {
      const { id: serviceAccountId, organizationId } = await locked(tx, id);
      if ((await tx.countBy(ApiKey, { serviceAccountId })) >= MAX_KEYS_OF_SERVICE_ACCOUNT)
        throw new LimitReached(MAX_KEYS_OF_SERVICE_ACCOUNT, 'keys of one service account');
      return this.parts.issuer.issue(tx, { organizationId, userId: null, serviceAccountId }, checked);
    });
  }
}

/** Of the organization that is acted for, with its row locked. @throws ServiceAccountNotFound */
async function locked(tx: EntityManager, id: string): Promise<ServiceAccount> {
  const lock = { mode: 'for_no_key_update' } as const;
  const account = isUuid(id) ? await tx.findOne(ServiceAccount, { where: { id }, lock }) : null;
  if (!account) throw new ServiceAccountNotFound();
  return account;
}

/** @throws Conflict */
async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isUniqueViolation(error, 'service_accounts_name'))
      throw new Conflict('Another service account has this name.', { field: 'input.name' });
    throw error;
  }
}

/** A description of null or nothing but space is taken away; a name or a switch that is null stays. */
function checkedChange({ name, description, enabled }: ServiceAccountChange): ServiceAccountDetails {
  const check = new InputCheck();
  const details = {
    ...(name != null && { name: check.field('name', () => machineName(name)) }),
    ...(description !== undefined && {
      description: check.field('description', () => machineDescription(description)),
    }),
    ...(enabled != null && { enabled }),
  };
  check.finish();
  return details;
}
