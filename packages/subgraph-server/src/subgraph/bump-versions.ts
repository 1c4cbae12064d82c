import type { RevocationVersions } from '@platform/auth';
import { afterCommit } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';

/**
 * Makes a change of sessions, users or roles count from its commit on. The revocation versions are bumped within the transaction, so that an
 * unreachable store takes the change back, and again after it, so that what was cached in between is dropped before the answer.
 * @throws RevocationStoreUnavailable
 */
export async function bumpVersions(
  tx: EntityManager,
  revocations: RevocationVersions,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  await revocations.bump(keys);
  afterCommit(tx, () => revocations.bump(keys));
}
