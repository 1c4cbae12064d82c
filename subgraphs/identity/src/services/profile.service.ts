import type { Caller } from '@platform/auth';
import { userUpdated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { type Database, updateLocked } from '@platform/postgres/database';
import type { User } from '../entities/index.js';
import type { Erasure } from './erasure.js';
import type { OwnerProofs } from './factors/index.js';
import { lockedUser } from './locked-user.js';
import type { ManagedUsers } from './managed-users.js';
import { mapUniqueViolations } from './map-unique-violations.js';
import { activeOrganizations } from './organizations/index.js';
import { type ChangeInput, checkedChanges } from './user-changes.js';

/** What users do with their own account. */
export class ProfileService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly leaving: {
      readonly managed: ManagedUsers;
      readonly proofs: OwnerProofs;
      readonly erasure: Erasure;
    },
    private readonly clock: Clock,
  ) {}

  /** @throws BadUserInput, Conflict for a taken username */
  async update(
    userId: string,
    input: Pick<ChangeInput, 'username' | 'firstName' | 'lastName' | 'locale'>,
  ): Promise<User> {
    const changes = checkedChanges(input);
    const change = this.database.transaction(async (tx) => {
      const user = await lockedUser(tx, userId);
      const fields = await updateLocked(tx, user, () => user.change(changes, this.clock.now()));
      if (fields.length === 0) return user;
      await this.outbox.add(tx, userUpdated, { subject: userId, data: { userId, fields } });
      return user;
    });
    return mapUniqueViolations(change);
  }

  /** @throws as `OwnerProofs.of`; LastAdministrator, RateLimited, ServiceBusy, ServiceUnavailable */
  async delete(owner: Caller, userId: string, password: string): Promise<true> {
    const { managed, proofs, erasure } = this.leaving;
    const confirm = await proofs.of(owner, userId, password);
    return managed.change(owner, userId, {
      endsSignIn: () => true,
      organizations: activeOrganizations,
      apply: async (tx, user) => {
        await confirm(tx);
        await erasure.erase(tx, user);
        return true as const;
      },
    });
  }
}
