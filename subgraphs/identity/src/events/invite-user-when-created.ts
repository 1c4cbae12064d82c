import { userCreated } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';

/** Who was given an account is mailed a link to set its password. */
export const inviteUserWhenCreated = (mails: AccountMails): EventHandler =>
  onEvent('identity.invite-user', userCreated, ({ data }, tx) => mails.sendInvitation(tx, data.userId));
