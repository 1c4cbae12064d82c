import { verificationRequested } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';

/** Who registered is mailed the link that shows the address to be theirs. */
export const mailVerificationLinkWhenRequested = (mails: AccountMails): EventHandler =>
  onEvent('identity.mail-verification-link', verificationRequested, ({ data }, tx) =>
    mails.sendVerificationLink(tx, data.userId, data.registrationId ?? null),
  );
