import type { Clock } from '@platform/foundation/clock';
import type { Database } from '@platform/postgres/database';
import { type ListOrder, type Page, type PageArguments, paginate } from '@platform/subgraph-server/graphql';
import { validate as isUuid } from 'uuid';
import { ApiKey, ServiceAccount } from '../../entities/index.js';

const NEWEST_KEYS: ListOrder<ApiKey> = {
  columns: ['key.createdAt', 'key.id'],
  direction: 'DESC',
  valuesOf: ({ createdAt, id }) => [createdAt, id],
};
const BY_NAME: ListOrder<ServiceAccount> = {
  columns: ['account.name', 'account.id'],
  direction: 'ASC',
  valuesOf: ({ name, id }) => [name, id],
};

/** A key as the router needs to know it. */
export type UsableKey = Pick<ApiKey, 'id' | 'organizationId' | 'userId' | 'serviceAccountId' | 'scopes' | 'expiresAt'>;

const USABLE = `SELECT id, tenant_id AS "organizationId", user_id AS "userId", service_account_id AS "serviceAccountId", scopes,
  expires_at AS "expiresAt" FROM usable_api_key($1, $2)`;

const USED = `WITH used AS (
  UPDATE api_keys SET last_used_at = $2, last_used_ip = coalesce($3, last_used_ip)
  WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2) RETURNING service_account_id
)
UPDATE service_accounts SET last_used_at = $2 FROM used
WHERE id = used.service_account_id AND (last_used_at IS NULL OR last_used_at < $2)`;

const MAX_ADDRESS = 100;

/** Reads keys and service accounts of the organization that is acted for. Callers check visibility first. */
export class MachineDirectory {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The key with this hash (hex), of whichever organization, if it can be used now. */
  async usable(hash: string): Promise<UsableKey | null> {
    const rows: UsableKey[] = await this.database.read.query(USABLE, [Buffer.from(hash, 'hex'), this.clock.now()]);
    return rows[0] ?? null;
  }

  /** Writes down that a key of the organization that is acted for was used; an older use than is known changes nothing. */
  async used(id: string, at: Date, ipAddress: string | null): Promise<void> {
    if (!isUuid(id)) return;
    await this.database.transaction((tx) => tx.query(USED, [id, at, ipAddress?.slice(0, MAX_ADDRESS) ?? null]), {
      repeatable: true,
    });
  }

  /** The user's own, newest first. */
  keysOf(userId: string): Promise<ApiKey[]> {
    return this.database.read.find(ApiKey, { where: { userId }, order: { createdAt: 'DESC', id: 'DESC' } });
  }

  keys(page: PageArguments): Promise<Page<ApiKey>> {
    return paginate(this.database.read.createQueryBuilder(ApiKey, 'key').where('true'), NEWEST_KEYS, page);
  }

  accounts(page: PageArguments): Promise<Page<ServiceAccount>> {
    return paginate(this.database.read.createQueryBuilder(ServiceAccount, 'account').where('true'), BY_NAME, page);
  }
}
