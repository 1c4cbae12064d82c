export { AuthenticationMethod, isSecondFactor } from './authentication-method.js';
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
  LastLoginMethod,
  LimitReached,
  MembershipNotFound,
  MembershipSuspended,
  OrganizationCreationRestricted,
  OrganizationNotFound,
  OrganizationRequired,
  OrganizationSuspended,
  ReauthenticationRequired,
  RefreshTokenReused,
  SessionNotFound,
  SessionRequired,
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
export { type Device, Session, type SessionOwner } from './session.entity.js';
export { SigningKey, type SigningKeyState } from './signing-key.entity.js';
export { User, type UserChanges, type UserDraft } from './user.entity.js';
export { UserStatus } from './user-status.js';
