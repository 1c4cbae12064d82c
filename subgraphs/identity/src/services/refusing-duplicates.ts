import { isUniqueViolation } from '@platform/kernel/database';
import { Conflict } from '@platform/kernel/errors';

/** Names the uniqueness rule that a change would break. @throws Conflict */
export async function refusingDuplicates<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isUniqueViolation(error, 'users_username_key'))
      throw new Conflict('This username is taken.', { field: 'input.username' });
    if (isUniqueViolation(error, 'users_email_key'))
      throw new Conflict('This e-mail address is in use.', { field: 'input.email' });
    throw error;
  }
}
