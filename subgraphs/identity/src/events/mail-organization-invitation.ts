import { invitationCreated, invitationResent } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';

/** Who was invited to an organization is mailed a link. */
export const mailOrganizationInvitationWhenCreated = (mails: AccountMails): EventHandler =>
  onEvent('identity.mail-organization-invitation', invitationCreated, ({ data }, tx) =>
    mails.sendOrganizationInvitation(tx, data.invitationId),
  );

/** Another link, when it was asked for: the one before stops working. */
export const mailOrganizationInvitationWhenResent = (mails: AccountMails): EventHandler =>
  onEvent('identity.mail-organization-invitation-again', invitationResent, ({ data }, tx) =>
    mails.sendOrganizationInvitation(tx, data.invitationId),
  );
