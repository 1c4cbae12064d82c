import { emailChanged } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';

/** The old address hears that the account has another one now. */
export const notifyOldAddressWhenEmailChanged = (mails: AccountMails): EventHandler =>
  onEvent('identity.tell-email-changed', emailChanged, ({ data }, tx) => mails.tellEmailChanged(tx, data.userId));
