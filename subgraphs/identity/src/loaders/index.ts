import type { Caller } from '@platform/auth';
import type { Clock } from '@platform/foundation/clock';
import type { ProcessConfig } from '@platform/foundation/config';
import type { Database } from '@platform/postgres/database';
import { rowLoader, type SubgraphContext, valueLoader } from '@platform/subgraph-server/graphql';
import DataLoader from 'dataloader';
import { In, IsNull, MoreThan, Not } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  ApiKey,
  EmailChange,
  ExternalIdentity,
  Invitation,
  Membership,
  Organization,
  Passkey,
  ServiceAccount,
  Session,
  User,
  UserStatus,
} from '../entities/index.js';

/** The batched reads of one request. Unknown ids are null. */
export interface IdentityLoaders {
  /** Users by id; deleted ones are null. */
  readonly users: DataLoader<string, User | null>;
  /** Users by id, deleted ones without a name: for those who refer to them. */
  readonly referredUsers: DataLoader<string, User | null>;
  /** Changes of address that wait for their confirmation, by their users' ids. */
  readonly pendingEmailChanges: DataLoader<string, EmailChange | null>;
  /** The caller's own linked accounts by id; any other is null. */
  readonly externalIdentities: DataLoader<string, ExternalIdentity | null>;
  /** The caller's own live sessions by id, as long as they are active; any other is null. */
  readonly sessions: DataLoader<string, Session | null>;
  /** The caller's own passkeys by id; any other is null. */
  readonly passkeys: DataLoader<string, Passkey | null>;
  /** Organizations by id, without a check of visibility. */
  readonly organizations: DataLoader<string, Organization | null>;
  /** Memberships of the active organization by id. */
  readonly memberships: DataLoader<string, Membership | null>;
  /** Memberships of the active organization by their users' ids. */
  readonly memberOf: DataLoader<string, Membership | null>;
  /** Whether the user belongs to the active organization. */
  readonly isMember: (userId: string) => Promise<boolean>;
  /** Whether a passkey or an authenticator app protects the account of this id. */
  readonly hasFactor: DataLoader<string, boolean>;
  /** Invitations to the active organization by id. */
  readonly invitations: DataLoader<string, Invitation | null>;
  /** Service accounts of the active organization by id. */
  readonly serviceAccounts: DataLoader<string, ServiceAccount | null>;
  /** API keys of the active organization by id. */
  readonly apiKeys: DataLoader<string, ApiKey | null>;
  /** The keys of service accounts of the active organization by their ids, newest first. */
  readonly keysOfServiceAccount: DataLoader<string, ApiKey[]>;
  /** The caller's memberships, of every organization. */
  readonly ownMemberships: () => Promise<readonly Membership[]>;
  /** Whether this is the platform's own organization. */
  readonly isDefault: (organizationId: string) => boolean;
  /** Whether there is one organization, which everybody belongs to. */
  readonly single: boolean;
  readonly now: () => Date;
}

/** Those of the users that have a second factor. */
const PROTECTED = `SELECT user_id AS id FROM totp_factors WHERE confirmed_at IS NOT NULL AND user_id = ANY ($1)
  UNION SELECT user_id FROM passkeys WHERE user_id = ANY ($1)`;

type TenancyConfig = Pick<ProcessConfig, 'platform' | 'tenancy'>;

/** A person's memberships, of every organization. */
type MembershipsOf = (userId: string) => Promise<readonly Membership[]>;

/** What resolvers get. */
export type IdentityContext = SubgraphContext<IdentityLoaders>;

/** Makes the loaders of one request. */
export const identityLoaders =
  (database: Database, clock: Clock, membershipsOf: MembershipsOf, { platform, tenancy }: TenancyConfig) =>
  (caller: Caller): IdentityLoaders => {
    const memberOf = rowLoader(
      async (ids) => database.read.findBy(Membership, { userId: In(ids.filter((id) => isUuid(id))) }),
      ({ userId }) => userId,
    );
    return {
      users: byId((ids) => database.read.findBy(User, { id: In(ids), status: Not(UserStatus.DELETED) })),
      referredUsers: byId((ids) => database.read.findBy(User, { id: In(ids) })),
      pendingEmailChanges: rowLoader(
        async (ids) =>
          database.read.findBy(EmailChange, {
            userId: In([...ids]),
            confirmedAt: IsNull(),
            expiresAt: MoreThan(clock.now()),
          }),
        ({ userId }) => userId,
      ),
      externalIdentities: byId(async (ids) => {
        const { userId } = caller;
        return userId === null ? [] : database.read.findBy(ExternalIdentity, { id: In(ids), userId });
      }),
      sessions: byId(async (ids) => {
        const { userId } = caller;
        if (userId === null || !(await database.read.existsBy(User, { id: userId, status: UserStatus.ACTIVE })))
          return [];
        return database.read.findBy(Session, {
          id: In(ids),
          userId,
          revokedAt: IsNull(),
          expiresAt: MoreThan(clock.now()),
        });
      }),
      passkeys: byId(async (ids) =>
        caller.userId === null ? [] : database.read.findBy(Passkey, { id: In(ids), userId: caller.userId }),
      ),
      organizations: byId((ids) => database.read.findBy(Organization, { id: In(ids) })),
      memberships: byId((ids) => database.read.findBy(Membership, { id: In(ids) })),
      memberOf,
      // Where there is one organization, everybody belongs to it.
      isMember: async (userId) => tenancy.mode === 'single' || (await memberOf.load(userId)) !== null,
      hasFactor: valueLoader(async (ids) => {
        const rows: { id: string }[] = await database.read.query(PROTECTED, [ids]);
        return new Map(rows.map(({ id }) => [id, true]));
      }, false),
      invitations: byId((ids) => database.read.findBy(Invitation, { id: In(ids) })),
      serviceAccounts: byId((ids) => database.read.findBy(ServiceAccount, { id: In(ids) })),
      apiKeys: byId((ids) => database.read.findBy(ApiKey, { id: In(ids) })),
      keysOfServiceAccount: new DataLoader<string, ApiKey[]>(async (ids) => {
        const order = { createdAt: 'DESC', id: 'DESC' } as const;
        const keys = await database.read.find(ApiKey, { where: { serviceAccountId: In([...ids]) }, order });
        return ids.map((id) => keys.filter(({ serviceAccountId }) => serviceAccountId === id));
      }),
      ownMemberships: once(async () => (caller.userId === null ? [] : membershipsOf(caller.userId))),
      isDefault: (organizationId) => organizationId === platform.tenantId,
      single: tenancy.mode === 'single',
      now: () => clock.now(),
    };
  };

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= read();
    return answer;
  };
}

function byId<Row extends { id: string }>(load: (ids: string[]) => Promise<Row[]>): DataLoader<string, Row | null> {
  return new DataLoader<string, Row | null, string>(
    async (ids) => {
      const known = ids.filter((id) => isUuid(id)).map((id) => id.toLowerCase());
      const rows = new Map((known.length > 0 ? await load(known) : []).map((row) => [row.id, row]));
      return ids.map((id) => rows.get(id.toLowerCase()) ?? null);
    },
    { cacheKeyFn: (id) => id.toLowerCase() },
  );
}
