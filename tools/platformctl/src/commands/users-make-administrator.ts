import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { obstacles, untilNoticed, whoArgument, withUser } from '../users/user-command.js';

/** `platformctl users make-administrator`: gives somebody the role that holds every permission. */
export const usersMakeAdministratorCommand = (): Command =>
  new Command('make-administrator')
    .description('give a user the role admin, which holds every permission')
    .addArgument(whoArgument())
    .addOption(setOption())
    .action((who: string, { set }: SetOption) =>
      withUser(set, who, 'made_administrator', async (people, account) => {
        const { assignments } = people.authz;
        const had = (await assignments.roleNames([account.id])).get(account.id)?.includes('admin');
        await assignments.ensureAdministrator(account.id);
        print(had ? `${account.email} was an administrator already.` : `${account.email} is an administrator now.`);
        for (const line of [...obstacles(account), ...(had ? [] : untilNoticed(people))]) print(line);
      }),
    );
