export { ApiKey, type ApiKeyDraft } from './api-key.entity.js';
export { AuthenticationMethod, isSecondFactor } from './authentication-method.js';
export { Challenge, type ChallengePurpose } from './challenge.entity.js';
export { Credential } from './credential.entity.js';
export { EmailChange } from './email-change.entity.js';
export {
  AccountExists,
  AccountLinkRequired,
  AccountLocked,
  AlreadyMember,
  ApiKeyNotFound,
  DefaultOrganization,
  EmailNotVerified,
  ExternalIdentityInUse,
  ExternalIdentityNotFound,
  InvalidChallenge,
  InvalidCode,
  InvalidCredentials,
  InvalidPasskey,
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
  MfaEnrollmentRequired,
  OrganizationCreationRestricted,
  OrganizationNotFound,
  OrganizationRequired,
  OrganizationSuspended,
  PasskeyNotFound,
  PrivilegeEscalation,
  ProviderEmailUnverified,
  ProviderNotFound,
  ProviderUnavailable,
  ReauthenticationRequired,
  RefreshTokenReused,
  RegistrationClosed,
  ServiceAccountNotFound,
  SessionNotFound,
  SingleOrganizationMode,
  TotpAlreadyEnabled,
  TotpNotEnrolled,
  UnknownPermission,
  UserNotFound,
} from './errors.js';
export { ExternalIdentity } from './external-identity.entity.js';
export { type ExternalAccount, ExternalLogin } from './external-login.entity.js';
export { Invitation, type InvitationDraft } from './invitation.entity.js';
export { Membership } from './membership.entity.js';
export { OneTimeToken, type TokenPurpose } from './one-time-token.entity.js';
export { Organization, type OrganizationDetails } from './organization.entity.js';
export { InvitationStatus, MembershipStatus, OrganizationStatus } from './organization-status.js';
export { Passkey } from './passkey.entity.js';
export { RecoveryCode } from './recovery-code.entity.js';
export { RefreshToken } from './refresh-token.entity.js';
export { Registration, type RegistrationDraft } from './registration.entity.js';
export { ServiceAccount, type ServiceAccountDetails } from './service-account.entity.js';
export { type Device, Session, type SessionOwner } from './session.entity.js';
export { SigningKey, type SigningKeyState } from './signing-key.entity.js';
export { TotpFactor } from './totp-factor.entity.js';
export { User, type UserChanges, type UserDraft } from './user.entity.js';
export { UserStatus } from './user-status.js';
