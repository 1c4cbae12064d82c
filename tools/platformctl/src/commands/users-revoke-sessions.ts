import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { untilNoticed, whoArgument, withUser } from '../users/user-command.js';

/** `platformctl users revoke-sessions`: signs somebody out everywhere. */
export const usersRevokeSessionsCommand = (): Command =>
  new Command('revoke-sessions')
    .description('end every session of a user')
    .addArgument(whoArgument())
    .addOption(setOption())
    .action((who: string, { set }: SetOption) =>
      withUser(set, who, 'sessions_revoked', async (people, { id, email }) => {
        const ended = await people.identity.recovery.revokeSessions(id);
        print(`${ended} sessions of ${email} have ended.`);
        for (const line of untilNoticed(people)) print(line);
      }),
    );
