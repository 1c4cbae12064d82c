import { emailChanged } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';
import type { EmailChangeMails } from '../services/email-change/index.js';

/** The old address hears that the account has another one now; where the user has changed it, with a link that takes the change back. */
export const notifyOldAddressWhenEmailChanged = (mails: AccountMails, changes: EmailChangeMails): EventHandler =>
  onEvent('identity.tell-email-changed', emailChanged, ({ data }, tx) =>
    data.changeId ? changes.sendRevertLink(tx, data.changeId) : mails.tellEmailChanged(tx, data.userId),
  );
