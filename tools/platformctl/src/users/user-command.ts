import { CodedError, OperatorError } from '@platform/foundation/errors';
import { recordOperator } from '@platform/runtime/operator';
import { type People, withPeople } from '@platform/runtime/with-people';
import { Argument } from 'commander';

/** An account as identity tells the command line of it. */
export type Account = NonNullable<Awaited<ReturnType<People['identity']['recovery']['find']>>>;

/** Nobody has this id, address or username. */
class NoSuchUser extends OperatorError {
  constructor(who: string) {
    super(
      `There is no user with the id, e-mail address or username ${who}. ./platformctl users list shows who there is.`,
    );
  }
}

/** The services refuse; the message says why. */
class Refused extends OperatorError {}

/** The user whom a command is about. */
export const whoArgument = (): Argument => new Argument('<who>', 'id, e-mail address or username of the user');

/** What an operator does with users, as the audit log names it. */
export type UserAction =
  | 'listed'
  | 'viewed'
  | 'unlocked'
  | 'made_administrator'
  | 'password_reset'
  | 'mfa_disabled'
  | 'sessions_revoked';

/** Puts an entry with the operator into the audit log, before anything is shown or changed. */
export const recordUserAction = ({ config }: People, action: UserAction, userId: string | null): Promise<void> =>
  recordOperator(config, { action: `platform.user.${action}_by_operator`, resource: 'user', resourceId: userId });

/** Does something with the user. @throws NoSuchUser, Refused */
export const withUser = (
  set: readonly string[],
  who: string,
  action: UserAction,
  work: (people: People, account: Account) => Promise<void>,
): Promise<void> =>
  withPeople({ name: 'users', set }, async (people) => {
    const account = await people.identity.recovery.find(who);
    if (!account) throw new NoSuchUser(who);
    await recordUserAction(people, action, account.id);
    try {
      await work(people, account);
    } catch (error) {
      throw error instanceof CodedError ? new Refused(error.message, { cause: error }) : error;
    }
  });

/** What a running platform without Redis does not see: it keeps who its callers are in its own memory. */
export const untilNoticed = ({ config }: People): string[] =>
  config.redis.url === null ? ['Without REDIS_URL a running platform learns of it when it is restarted.'] : [];

/** What protects the account beside a password. */
export const factorsOf = ({ totp, passkeys }: Account): string =>
  [...(totp ? ['authenticator app'] : []), ...(passkeys > 0 ? [`passkeys: ${passkeys}`] : [])].join(', ') || 'none';

/** Why the owner cannot sign in, and what helps; nothing when they can. */
export function obstacles({ id, status, emailVerified, hasPassword, passkeys }: Account): string[] {
  return [
    ...(status === 'LOCKED' ? [`The account is locked: ./platformctl users unlock ${id}`] : []),
    ...(hasPassword || passkeys > 0 ? [] : [`It has no password: ./platformctl users reset-password ${id}`]),
    ...(emailVerified ? [] : [`Its address is not verified: ./platformctl users reset-password ${id} --verified`]),
  ];
}
