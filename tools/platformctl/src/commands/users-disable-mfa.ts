import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { untilNoticed, whoArgument, withUser } from '../users/user-command.js';

/** `platformctl users disable-mfa`: lets somebody sign in with the password alone who has lost their second factors. */
export const usersDisableMfaCommand = (): Command =>
  new Command('disable-mfa')
    .description('remove the authenticator app, passkeys and recovery codes of a user who lost them')
    .addArgument(whoArgument())
    .addOption(setOption())
    .action((who: string, { set }: SetOption) =>
      withUser(set, who, 'mfa_disabled', async (people, { id, email }) => {
        await people.identity.recovery.disableMfa(id);
        await people.authz.subjects.refresh(id);
        print(`${email} has no second factors any more, and is signed out everywhere.`);
        for (const line of untilNoticed(people)) print(line);
      }),
    );
