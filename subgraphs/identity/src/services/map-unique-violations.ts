import { Conflict } from '@platform/foundation/errors';
import { isUniqueViolation } from '@platform/postgres/database';

/** Said of an address that another account has. */
export const ADDRESS_TAKEN = 'This e-mail address is in use.';

/** Names the uniqueness rule that a change would break. @throws Conflict */
export async function mapUniqueViolations<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isUniqueViolation(error, 'users_username_key'))
      throw new Conflict('This username is taken.', { field: 'input.username' });
    if (isUniqueViolation(error, 'users_email_key')) throw new Conflict(ADDRESS_TAKEN, { field: 'input.email' });
    throw error;
  }
}
