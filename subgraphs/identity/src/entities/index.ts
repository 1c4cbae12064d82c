export { Credential } from './credential.entity.js';
export {
  AccountExists,
  AccountLocked,
  AlreadyMember,
  DefaultOrganization,
  EmailNotVerified,
  InvalidCredentials,
  InvalidRefreshToken,
  InvalidToken,
  InvitationClosed,
  InvitationEmailMismatch,
  InvitationExpired,
  InvitationNotFound,
  LastAdministrator,
  LimitReached,
  MembershipNotFound,
  MembershipSuspended,
  OrganizationCreationRestricted,
  OrganizationNotFound,
  OrganizationRequired,
  OrganizationSuspended,
  RefreshTokenReused,
  SessionNotFound,
  SingleOrganizationMode,
  UserNotFound,
} from './errors.js';
export { Invitation, type InvitationDraft } from './invitation.entity.js';
export { Membership } from './membership.entity.js';
export { OneTimeToken, type TokenPurpose } from './one-time-token.entity.js';
export { Organization, type OrganizationDetails } from './organization.entity.js';
export { InvitationStatus, MembershipStatus, OrganizationStatus } from './organization-status.js';
export { RefreshToken } from './refresh-token.entity.js';
export { Registration, type RegistrationDraft } from './registration.entity.js';
export { type Device, Session } from './session.entity.js';
export { SigningKey, type SigningKeyState } from './signing-key.entity.js';
export { User, type UserChanges, type UserDraft } from './user.entity.js';
export { UserStatus } from './user-status.js';
