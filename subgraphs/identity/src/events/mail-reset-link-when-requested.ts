import { passwordResetRequested } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';

/** Who forgot the password is mailed a link to set a new one. */
export const mailResetLinkWhenRequested = (mails: AccountMails): EventHandler =>
  onEvent('identity.mail-reset-link', passwordResetRequested, ({ data }, tx) => mails.sendResetLink(tx, data.userId));
