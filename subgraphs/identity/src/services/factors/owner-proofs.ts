import type { Caller } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { InvalidCredentials } from '../../entities/index.js';
import type { Credentials } from '../credentials/index.js';
import { loginMethodsOf } from './login-methods.js';
import type { RecentAuthentication } from './recent-authentication.js';

/** Proofs that the owner of an account wants what is asked for: its password, or where it has none a recent authentication. */
export class OwnerProofs {
  constructor(
    private readonly database: Database,
    private readonly credentials: Credentials,
    private readonly recent: RecentAuthentication,
  ) {}

  /** Answers what confirms within the change that the proof still holds. @throws InvalidCredentials for a wrong password, RateLimited, ServiceBusy; as `RecentAuthentication.require` without one */
  async of(caller: Caller, userId: string, password: string): Promise<(tx: EntityManager) => Promise<void>> {
    if (password === '' && !(await loginMethodsOf(this.database.read, userId)).password) {
      await this.recent.require(caller);
      return async (tx) => {
        if ((await loginMethodsOf(tx, userId)).password) throw new InvalidCredentials();
      };
    }
    const checked = await this.credentials.checkOwn(userId, password);
    if (!checked.right) throw new InvalidCredentials();
    return (tx) => this.credentials.confirm(tx, checked);
  }
}
