import { registrationRepeated } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';

/** What registration hides from strangers, the owner of the address is told by mail. */
export const notifyOwnerWhenRegisteredAgain = (mails: AccountMails): EventHandler =>
  onEvent('identity.tell-registered-again', registrationRepeated, ({ data }, tx) =>
    mails.tellRegistrationRepeated(tx, data.userId),
  );
