import type { EntityManager } from 'typeorm';

/** Does what may fail without ending the transaction. @throws what it failed with */
export async function withSavepoint<T>(tx: EntityManager, work: () => Promise<T>): Promise<T> {
  await tx.query('SAVEPOINT attempt');
  try {
    return await work();
  } catch (error) {
    await tx.query('ROLLBACK TO SAVEPOINT attempt');
    throw error;
  }
}
