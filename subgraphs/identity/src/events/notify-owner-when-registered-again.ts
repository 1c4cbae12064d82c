import { registrationRepeated } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';
import type { EmailChangeMails } from '../services/email-change/index.js';

/** What registration hides from strangers, the owner of the address is told by mail. */
export const notifyOwnerWhenRegisteredAgain = (mails: AccountMails, changes: EmailChangeMails): EventHandler =>
  onEvent('identity.tell-registered-again', registrationRepeated, ({ data }, tx) =>
    data.changeId ? changes.tellReserved(tx, data.changeId) : mails.tellRegistrationRepeated(tx, data.userId),
  );
