import { createHash } from 'node:crypto';
import { afterCommit, type Database } from '@platform/postgres/database';
import type { Cache } from '@platform/redis/cache';
import type { EntityManager } from 'typeorm';
import { NIL } from 'uuid';
import type { User } from '../../entities/index.js';
import { currentNetwork } from '../current-device.js';

/** How long (ms) a network counts as one that the account's owner signs in from. */
const KNOWN_NETWORK_LIFETIME = 30 * 24 * 60 * 60 * 1000;

/**
 * The networks that sessions of an account were begun from. Each is kept with a fingerprint of the address and the password of that time:
 * once either changes, all are forgotten.
 */
export class KnownNetworks {
  constructor(
    private readonly database: Database,
    private readonly cache: Cache,
  ) {}

  /** Whether the account that has the address now began a session there. Unknown addresses are looked up alike. */
  async has(address: string, network: string | null, manager: EntityManager = this.database.read): Promise<boolean> {
    if (network === null) return false;
    const [account]: { id: string; hash: string }[] = await manager.query(
      `SELECT users.id, password_hash AS hash FROM users JOIN credentials ON user_id = users.id WHERE email = $1`,
      [address],
    );
    const kept = await this.cache.get<string>(keyOf(account?.id ?? NIL, network));
    return account !== undefined && kept === fingerprint(address, account.hash);
  }

  /**
   * Remembers where the session comes from that the transaction begins, once it is committed: a right password alone shows nothing, as it
   * may be a stranger's registration.
   */
  rememberAfter(tx: EntityManager, { id, email }: User, passwordHash: string): void {
    const network = currentNetwork();
    if (network === null || email === null) return;
    const kept = fingerprint(email, passwordHash);
    afterCommit(tx, () => this.cache.set(keyOf(id, network), kept, KNOWN_NETWORK_LIFETIME));
  }
}

const keyOf = (userId: string, network: string): string => `login:known:${userId}@${network}`;

const fingerprint = (address: string, passwordHash: string): string =>
  createHash('sha256').update(`${address}\n${passwordHash}`).digest('base64url');
