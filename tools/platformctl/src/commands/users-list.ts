import { withPeople } from '@platform/runtime/with-people';
import { Command, InvalidArgumentError } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { recordUserAction } from '../users/user-command.js';

interface ListOptions extends SetOption {
  readonly search: string;
  readonly administrators?: boolean;
  readonly limit: number;
}

/** `platformctl users list`: a line for each, newest first. */
export const usersListCommand = (): Command =>
  new Command('list')
    .description('id, state, roles, address and username of users, newest first')
    .option('--search <text>', 'those whose address, username or name has the text in it, in any case', '')
    .option('--administrators', 'those who have the role admin')
    .option('--limit <number>', 'so many at most', count, 50)
    .addOption(setOption())
    .action(({ search, administrators = false, limit, set }: ListOptions) =>
      withPeople({ name: 'users', set }, async (people) => {
        await recordUserAction(people, 'listed', null);
        const among = administrators ? await people.authz.assignments.administratorIds() : null;
        const accounts = await people.identity.recovery.list(search, limit, among);
        const roles = await people.authz.assignments.roleNames(accounts.map(({ id }) => id));
        if (accounts.length === 0) print('There are no such users.');
        for (const { id, status, emailVerified, hasPassword, email, username } of accounts) {
          const state =
            status === 'LOCKED' ? 'locked' : !emailVerified ? 'unverified' : hasPassword ? 'active' : 'no password';
          print(`${id}  ${state.padEnd(11)}  ${(roles.get(id) ?? []).join(',') || '-'}  ${email}  ${username}`);
        }
      }),
    );

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new InvalidArgumentError('A number from 1 to 10000 is needed.');
  }
  return number;
}
