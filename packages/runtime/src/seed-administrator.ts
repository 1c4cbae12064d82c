import { randomBytes } from 'node:crypto';
import type { ProcessConfig } from '@platform/foundation/config';
import type { People } from './with-people.js';

const DEFAULT_EMAIL = 'admin@example.com';

/** What became of seeding. */
export type Seeding =
  /** An administrator can sign in; nothing was changed. */
  | { readonly outcome: 'present' }
  /** Nobody could, and now the owner of the address can. A generated password is told here once. */
  | {
      readonly outcome: 'made';
      readonly id: string;
      readonly email: string;
      readonly generatedPassword: string | null;
    }
  /** Nobody can, and the address belongs to somebody who verified it: an operator has to decide. */
  | { readonly outcome: 'undecided'; readonly email: string };

/** A password that nobody has chosen. */
export const generatePassword = (): string => randomBytes(15).toString('base64url');

/**
 * Makes the first administrator, as long as nobody can sign in and administer the platform; so whatever was decided since the last
 * time stands. Cut short, it goes on the next time: the account cannot sign in before it has the role.
 */
export async function seedAdministrator(
  { identity: { accounts }, authz: { administrators, assignments } }: Omit<People, 'config'>,
  { seed }: Pick<ProcessConfig, 'seed'>,
): Promise<Seeding> {
  const email = seed.adminEmail ?? DEFAULT_EMAIL;
  const password = seed.adminPassword ?? generatePassword();
  const made = await administrators.unlessAnyCanSignIn(async (): Promise<Seeding> => {
    const id = await accounts.prepare({ email, password, username: 'admin' });
    if (id === null) return { outcome: 'undecided', email };
    await assignments.ensureAdministrator(id);
    await accounts.verify(id);
    return { outcome: 'made', id, email, generatedPassword: seed.adminPassword === null ? password : null };
  });
  return made ?? { outcome: 'present' };
}

/** What an operator is told when nobody was made administrator. */
export const undecided = (email: string): string =>
  `Nobody can sign in as an administrator, and ${email} belongs to an account that was verified before: it is not made one by itself. ` +
  `Decide with ./platformctl users show ${email}, users make-administrator, users reset-password and users unlock.`;
