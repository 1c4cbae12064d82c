import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { factorsOf, obstacles, whoArgument, withUser } from '../users/user-command.js';

/** `platformctl users show`: one user, and what keeps them from signing in. */
export const usersShowCommand = (): Command =>
  new Command('show')
    .description('one user: state, roles, and what keeps them from signing in')
    .addArgument(whoArgument())
    .addOption(setOption())
    .action((who: string, { set }: SetOption) =>
      withUser(set, who, 'viewed', async ({ authz }, account) => {
        const roles = await authz.assignments.roleNames([account.id]);
        print(`id          ${account.id}`);
        print(`address     ${account.email}${account.emailVerified ? '' : ' (not verified)'}`);
        print(`username    ${account.username}`);
        print(`status      ${account.status}`);
        print(`password    ${account.hasPassword ? 'set' : 'none'}`);
        print(`factors     ${factorsOf(account)}`);
        print(`roles       ${(roles.get(account.id) ?? []).join(', ') || 'none'}`);
        print(`created     ${account.createdAt.toISOString()}`);
        for (const obstacle of obstacles(account)) print(obstacle);
      }),
    );
