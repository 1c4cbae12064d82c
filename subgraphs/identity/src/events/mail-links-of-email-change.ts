import { emailChangeRequested } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { EmailChangeMails } from '../services/email-change/index.js';

/** A new address is mailed the link by which it confirms the change. */
export const mailConfirmationLinkWhenEmailChangeRequested = (mails: EmailChangeMails): EventHandler =>
  onEvent('identity.mail-email-confirmation-link', emailChangeRequested, async ({ data }, tx) => {
    if (data.changeId) await mails.sendConfirmationLink(tx, data.changeId);
  });

/** The account's address hears of it as well, since the change can still be stopped. */
export const notifyOwnerWhenEmailChangeRequested = (mails: EmailChangeMails): EventHandler =>
  onEvent('identity.tell-email-change-requested', emailChangeRequested, ({ data }, tx) =>
    mails.tellRequested(tx, data.userId),
  );
