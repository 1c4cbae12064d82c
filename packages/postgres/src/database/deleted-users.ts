import type { EntityManager } from 'typeorm';

/**
 * The id as it may be written: null once the user is gone. Until the transaction ends the user cannot be deleted in this schema, so ask
 * before rows are locked: whoever anonymises locks in that order too. Tables with users' ids have the trigger `forget_deleted_users` as well.
 */
export async function unlessDeleted(tx: EntityManager, userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const [{ deleted }]: [{ deleted: boolean }] = await tx.query('SELECT is_deleted_user($1) AS deleted', [userId]);
  return deleted ? null : userId;
}

/** First in the transaction that anonymises a user: waits for those who write the id, and lets nobody write it any more. */
export async function rememberDeletedUser(tx: EntityManager, userId: string): Promise<void> {
  await tx.query('SELECT remember_deleted_user($1)', [userId]);
}
