import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { whoArgument, withUser } from '../users/user-command.js';

/** `platformctl users unlock`: lets somebody sign in again whom an administrator has locked out. */
export const usersUnlockCommand = (): Command =>
  new Command('unlock')
    .description('let a locked user sign in again')
    .addArgument(whoArgument())
    .addOption(setOption())
    .action((who: string, { set }: SetOption) =>
      withUser(set, who, 'unlocked', async ({ identity, authz }, { id, email }) => {
        const unlocked = await identity.recovery.unlock(id);
        await authz.subjects.refresh(id);
        print(unlocked ? `${email} can sign in again.` : `${email} was not locked.`);
      }),
    );
