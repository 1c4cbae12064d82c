import type { EventHandler } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';
import type { EmailChangeMails } from '../services/email-change/index.js';
import type { ExternalProviders } from '../services/external/index.js';
import type { SecurityNotices } from '../services/security-notices.js';
import { inviteUserWhenCreated } from './invite-user-when-created.js';
import {
  mailConfirmationLinkWhenEmailChangeRequested,
  notifyOwnerWhenEmailChangeRequested,
} from './mail-links-of-email-change.js';
import {
  mailOrganizationInvitationWhenCreated,
  mailOrganizationInvitationWhenResent,
} from './mail-organization-invitation.js';
import { mailResetLinkWhenRequested } from './mail-reset-link-when-requested.js';
import { mailVerificationLinkWhenRequested } from './mail-verification-link-when-requested.js';
import { notifyOldAddressWhenEmailChanged } from './notify-old-address-when-email-changed.js';
import { notifyOwnerOfFactors } from './notify-owner-of-factors.js';
import { notifyOwnerWhenProviderLinked, notifyOwnerWhenProviderUnlinked } from './notify-owner-of-linked-providers.js';
import { notifyOwnerWhenPasswordChanged } from './notify-owner-when-password-changed.js';
import { notifyOwnerWhenRegisteredAgain } from './notify-owner-when-registered-again.js';

export { eraseEventCopiesWhenUserDeleted } from './erase-event-copies-when-user-deleted.js';
export { foundPersonalOrganizationWhenVerified } from './found-personal-organization-when-verified.js';

/** Every rule by which a mail leaves. */
export const mailHandlers = (
  mails: AccountMails,
  notices: SecurityNotices,
  changes: EmailChangeMails,
  providers: Pick<ExternalProviders, 'find'>,
): EventHandler[] => [
  mailVerificationLinkWhenRequested(mails),
  mailResetLinkWhenRequested(mails),
  inviteUserWhenCreated(mails),
  notifyOwnerWhenPasswordChanged(mails),
  notifyOldAddressWhenEmailChanged(mails, changes),
  notifyOwnerWhenRegisteredAgain(mails, changes),
  notifyOwnerWhenProviderLinked(mails, providers),
  notifyOwnerWhenProviderUnlinked(mails, providers),
  mailConfirmationLinkWhenEmailChangeRequested(changes),
  notifyOwnerWhenEmailChangeRequested(changes),
  mailOrganizationInvitationWhenCreated(mails),
  mailOrganizationInvitationWhenResent(mails),
  ...notifyOwnerOfFactors(notices),
];
