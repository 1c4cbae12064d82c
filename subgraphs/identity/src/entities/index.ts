export { Credential } from './credential.entity.js';
export {
  AccountLocked,
  EmailNotVerified,
  InvalidCredentials,
  InvalidRefreshToken,
  InvalidToken,
  LastAdministrator,
  RefreshTokenReused,
  SessionNotFound,
  UserNotFound,
} from './errors.js';
export { Invitation, type InvitationDraft } from './invitation.entity.js';
export { Membership } from './membership.entity.js';
export { OneTimeToken, type TokenPurpose } from './one-time-token.entity.js';
export { Organization, type OrganizationDetails } from './organization.entity.js';
export {
  AccountExists,
  AlreadyMember,
  DefaultOrganization,
  InvitationClosed,
  InvitationEmailMismatch,
  InvitationExpired,
  InvitationNotFound,
  LimitReached,
  MembershipNotFound,
  MembershipSuspended,
  OrganizationCreationRestricted,
  OrganizationNotFound,
  OrganizationRequired,
  OrganizationSuspended,
  SingleOrganizationMode,
} from './organization-errors.js';
export { InvitationStatus, MembershipStatus, OrganizationStatus } from './organization-status.js';
export { RefreshToken } from './refresh-token.entity.js';
export { Registration, type RegistrationDraft } from './registration.entity.js';
export { type Device, Session } from './session.entity.js';
export { SigningKey, type SigningKeyState } from './signing-key.entity.js';
export { User, type UserChanges, type UserDraft } from './user.entity.js';
export { UserStatus } from './user-status.js';
