import { text } from 'node:stream/consumers';
import { generatePassword } from '@platform/runtime/seed-administrator';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { obstacles, untilNoticed, whoArgument, withUser } from '../users/user-command.js';

interface ResetOptions extends SetOption {
  readonly verified?: boolean;
  readonly passwordStdin?: boolean;
}

/** `platformctl users reset-password`: sets a password that is told here once, or read from standard input; never an argument, which others would see. */
export const usersResetPasswordCommand = (): Command =>
  new Command('reset-password')
    .description('set a generated password and print it once; ends every session and mailed link of the user')
    .addArgument(whoArgument())
    .option('--password-stdin', 'read the password from standard input instead of generating one')
    .option('--verified', 'vouch that the e-mail address is theirs')
    .addOption(setOption())
    .action(async (who: string, { set, verified = false, passwordStdin = false }: ResetOptions) => {
      const given = passwordStdin ? (await text(process.stdin)).replace(/\r?\n$/, '') : null;
      await withUser(set, who, 'password_reset', async (people, account) => {
        const password = given ?? generatePassword();
        await people.identity.recovery.setPassword(account.id, password, verified);
        print(`${account.email} has a new password${given === null ? `: ${password}` : '.'}`);
        print('Every session and every mailed link of theirs has ended.');
        const now = { ...account, hasPassword: true, emailVerified: account.emailVerified || verified };
        for (const line of [...obstacles(now), ...untilNoticed(people)]) print(line);
      });
    });
