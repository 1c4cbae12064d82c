import { type EntityManager, IsNull } from 'typeorm';
import { EmailChange } from '../entities/index.js';

/** Ends the change that waits for its confirmation, if there is one; what was confirmed can still be reverted. The user's row is locked. */
export async function cancelEmailChange(tx: EntityManager, userId: string): Promise<void> {
  await tx.delete(EmailChange, { userId, confirmedAt: IsNull() });
}
