import { type EntityManager, Not } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { User, UserNotFound, UserStatus } from '../entities/index.js';

/**
 * The user, with their row locked: what is decided about them holds until the commit. Rows are locked in one order everywhere: the user,
 * their sessions, their links and registrations. @throws UserNotFound, also for deleted users.
 */
export async function lockedUser(tx: EntityManager, id: string): Promise<User> {
  if (!isUuid(id)) throw new UserNotFound();
  const user = await tx.findOne(User, {
    where: { id, status: Not(UserStatus.DELETED) },
    lock: { mode: 'for_no_key_update' },
  });
  if (!user) throw new UserNotFound();
  return user;
}
