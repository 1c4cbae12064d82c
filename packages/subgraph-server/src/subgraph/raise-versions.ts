import type { VersionStamps } from '@platform/auth';
import { afterCommit } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';

/**
 * Makes a change of sessions, users or roles count from its commit on. The stamps are raised within the transaction, so that an
 * unreachable store takes the change back, and again after it, so that what was cached in between is dropped before the answer.
 * @throws VersionsUnavailable
 */
export async function raiseVersions(tx: EntityManager, stamps: VersionStamps, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await stamps.raise(keys);
  afterCommit(tx, () => stamps.raise(keys));
}
