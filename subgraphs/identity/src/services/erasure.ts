import { type RevocationVersions, userVersion } from '@platform/auth';
import { userDeleted } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { updateLocked } from '@platform/postgres/database';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import type { EntityManager } from 'typeorm';
import {
  Challenge,
  Credential,
  EmailChange,
  ExternalIdentity,
  ExternalLogin,
  OneTimeToken,
  Passkey,
  RecoveryCode,
  Registration,
  Session,
  TotpFactor,
  type User,
} from '../entities/index.js';

/** What an account has that goes with it. */
const OWN = [
  Challenge,
  Session,
  Credential,
  TotpFactor,
  RecoveryCode,
  Passkey,
  OneTimeToken,
  Registration,
  EmailChange,
  ExternalIdentity,
  ExternalLogin,
];

/** Deletes a user: who they were is forgotten here, and announced so that others forget it too. */
export class Erasure {
  constructor(
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly clock: Clock,
  ) {}

  /** @param user with their row locked. @throws RevocationStoreUnavailable */
  async erase(tx: EntityManager, user: User): Promise<void> {
    for (const entity of OWN) await tx.delete(entity, { userId: user.id });
    await updateLocked(tx, user, () => user.anonymise(this.clock.now()));
    await this.outbox.add(tx, userDeleted, { subject: user.id, data: { userId: user.id } });
    await bumpVersions(tx, this.revocations, [userVersion(user.id)]);
  }
}
