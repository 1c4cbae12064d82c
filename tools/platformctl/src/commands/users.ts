import { Command } from 'commander';
import { usersDisableMfaCommand } from './users-disable-mfa.js';
import { usersListCommand } from './users-list.js';
import { usersMakeAdministratorCommand } from './users-make-administrator.js';
import { usersResetPasswordCommand } from './users-reset-password.js';
import { usersRevokeSessionsCommand } from './users-revoke-sessions.js';
import { usersShowCommand } from './users-show.js';
import { usersUnlockCommand } from './users-unlock.js';

/** `platformctl users`: the way back in when nobody can sign in who may administer the platform. */
export const usersCommand = (): Command =>
  new Command('users')
    .description('look at users, let them in again, and make administrators; each use is in the audit log')
    .addCommand(usersListCommand())
    .addCommand(usersShowCommand())
    .addCommand(usersUnlockCommand())
    .addCommand(usersMakeAdministratorCommand())
    .addCommand(usersResetPasswordCommand())
    .addCommand(usersDisableMfaCommand())
    .addCommand(usersRevokeSessionsCommand());
