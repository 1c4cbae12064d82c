import type { Caller } from '@platform/auth';
import type { Clock } from '@platform/foundation/clock';
import type { Database } from '@platform/postgres/database';
import type { SubgraphContext } from '@platform/subgraph-server/graphql';
import DataLoader from 'dataloader';
import { In, IsNull, MoreThan, Not } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Session, User, UserStatus } from '../entities/index.js';

/** The batched reads of one request. Unknown ids are null. */
export interface IdentityLoaders {
  /** Users by id; deleted ones are null. */
  readonly users: DataLoader<string, User | null>;
  /** Users by id, deleted ones without a name: for those who refer to them. */
  readonly referredUsers: DataLoader<string, User | null>;
  /** The caller's own live sessions by id, as long as they are active; any other is null. */
  readonly sessions: DataLoader<string, Session | null>;
}

/** What resolvers get. */
export type IdentityContext = SubgraphContext<IdentityLoaders>;

/** Makes the loaders of one request. */
export const identityLoaders =
  (database: Database, clock: Clock) =>
  (caller: Caller): IdentityLoaders => ({
    users: byId((ids) => database.read.findBy(User, { id: In(ids), status: Not(UserStatus.DELETED) })),
    referredUsers: byId((ids) => database.read.findBy(User, { id: In(ids) })),
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
  });

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
