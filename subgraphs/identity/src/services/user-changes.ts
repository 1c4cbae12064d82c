import type { UserChanges } from '../entities/index.js';
import { emailAddress, InputCheck, locale, personName, username } from '../entities/rules/index.js';

/** What a client wants to change: left out stays, null clears what may be empty and stays otherwise. */
export interface ChangeInput {
  readonly email?: string | null;
  readonly username?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly locale?: string | null;
  readonly emailVerified?: boolean | null;
}

/** The changes in their normal form. @throws BadUserInput */
export function checkedChanges(input: ChangeInput): UserChanges {
  const check = new InputCheck();
  const given = <I, T>(name: string, value: I | undefined, rule: (value: I) => T): T | undefined =>
    value === undefined ? undefined : check.field(name, () => rule(value));
  const changes: UserChanges = {
    email: given('email', input.email ?? undefined, emailAddress),
    username: given('username', input.username ?? undefined, username),
    firstName: given('firstName', input.firstName, personName),
    lastName: given('lastName', input.lastName, personName),
    locale: given('locale', input.locale, locale),
    emailVerified: input.emailVerified ?? undefined,
  };
  check.finish();
  return changes;
}
