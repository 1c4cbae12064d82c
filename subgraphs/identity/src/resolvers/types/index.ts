export { AuthPayload, LoginResult } from './auth-payload.js';
export {
  BeginExternalLinkInput,
  BeginExternalLoginInput,
  CompleteExternalLoginInput,
  ExternalIdentityView,
  ExternalLogin,
  IdentityProviderView,
  LoginOptions,
} from './external-identity-view.js';
export {
  CompleteMfaInput,
  LoginWithPasskeyInput,
  ReauthenticateInput,
  RegisterPasskeyInput,
} from './factor-inputs.js';
export {
  MfaStatusView,
  ReauthenticationChallengeView,
  RecoveryCodesView,
  TotpEnrollmentView,
} from './factor-views.js';
export {
  ChangePasswordInput,
  CreateUserInput,
  LoginInput,
  RegisterInput,
  RegisterWithInvitationInput,
  RequestEmailChangeInput,
  ResetPasswordInput,
  UpdateProfileInput,
  UpdateUserInput,
} from './inputs.js';
export {
  InvitationConnection,
  InvitationPreview,
  InvitationView,
  RoleReference,
} from './invitation-view.js';
export {
  CreateApiKeyInput,
  CreateServiceAccountInput,
  CreateServiceAccountKeyInput,
  UpdateServiceAccountInput,
} from './machine-inputs.js';
export {
  ApiKeyConnection,
  ApiKeyOwner,
  ApiKeyView,
  CreatedApiKey,
  ServiceAccountConnection,
  ServiceAccountView,
  UsableApiKeyView,
} from './machine-views.js';
export { MembershipConnection, MembershipView } from './membership-view.js';
export { MfaChallenge } from './mfa-challenge.js';
export {
  CreateOrganizationInput,
  InvitationAnswerInput,
  InvitationFilterInput,
  InviteMemberInput,
  MemberFilterInput,
  OrganizationFilterInput,
  UpdateOrganizationInput,
} from './organization-inputs.js';
export { OrganizationConnection, OrganizationView } from './organization-view.js';
export { PasskeyChallenge, PasskeyView } from './passkey-view.js';
export { RegisterPayload } from './register-payload.js';
export { SessionView } from './session-view.js';
export { UserFilterInput } from './user-filter-input.js';
export { UserConnection, UserView } from './user-view.js';
