import { passwordChanged } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';

/** Owners hear of every change of their password, in case it was not them. */
export const notifyOwnerWhenPasswordChanged = (mails: AccountMails): EventHandler =>
  onEvent('identity.tell-password-changed', passwordChanged, ({ data }, tx) =>
    mails.tellPasswordChanged(tx, data.userId),
  );
