import { CodedError } from '@platform/foundation/errors';
import type { AuthenticationMethod } from './authentication-method.js';

/** No user has this id, as far as the caller may know. */
export class UserNotFound extends CodedError {
  constructor() {
    super('USER_NOT_FOUND', 'There is no such user.');
  }
}

/** Without an administrator who can sign in nobody could make one. Authz has the rule; here others have contended for too long. */
export class LastAdministrator extends CodedError {
  constructor() {
    super(
      'LAST_ADMINISTRATOR',
      'This is the last administrator who can sign in. Make somebody else an administrator first.',
    );
  }
}

/** The caller has no live session of this id. */
export class SessionNotFound extends CodedError {
  constructor() {
    super('SESSION_NOT_FOUND', 'There is no such session.');
  }
}

/** Unknown address or wrong password: nobody is told which. */
export class InvalidCredentials extends CodedError {
  constructor() {
    super('INVALID_CREDENTIALS', 'E-mail address or password is wrong.');
  }
}

/** The password was right, but the address has not been shown to be theirs. */
export class EmailNotVerified extends CodedError {
  constructor() {
    super('EMAIL_NOT_VERIFIED', 'Verify the e-mail address first, by the link that was mailed to it.');
  }
}

/** The password was right, but an administrator has locked the account. */
export class AccountLocked extends CodedError {
  constructor() {
    super('ACCOUNT_LOCKED', 'This account is locked.');
  }
}

/** A mailed link that is unknown, used, too old, or was sent to an address that the user no longer has. */
export class InvalidToken extends CodedError {
  constructor() {
    super('INVALID_TOKEN', 'This link is not valid any more. Ask for a new one.');
  }
}

/** A refresh token that is unknown, expired, or of a session that has ended. */
export class InvalidRefreshToken extends CodedError {
  constructor() {
    super('INVALID_REFRESH_TOKEN', 'Sign in again.');
  }
}

/** A refresh token that had been used before; its session has ended now. */
export class RefreshTokenReused extends CodedError {
  constructor() {
    super('REFRESH_TOKEN_REUSED', 'This refresh token was used before. The session has been ended; sign in again.');
  }
}

/** There is one organization, which everybody belongs to: accounts are locked and deleted, memberships are not. */
export class SingleOrganizationMode extends CodedError {
  constructor() {
    super('SINGLE_ORGANIZATION_MODE', 'This platform has one organization, which everybody belongs to.');
  }
}

/** Organizations are made by operators. */
export class OrganizationCreationRestricted extends CodedError {
  constructor() {
    super('ORGANIZATION_CREATION_RESTRICTED', 'Organizations are made by the operators of this platform.');
  }
}

/** No organization has this id, as far as the caller may know. */
export class OrganizationNotFound extends CodedError {
  constructor() {
    super('ORGANIZATION_NOT_FOUND', 'There is no such organization.');
  }
}

/** Nobody can act in the organization now. */
export class OrganizationSuspended extends CodedError {
  constructor(reason: string | null) {
    super('ORGANIZATION_SUSPENDED', 'Nobody can act in this organization now.', { reason });
  }
}

/** The platform's own organization stays. */
export class DefaultOrganization extends CodedError {
  constructor() {
    super('DEFAULT_ORGANIZATION', "The platform's own organization cannot be suspended or deleted.");
  }
}

/** What was asked for belongs to an organization, and the session acts in none. */
export class OrganizationRequired extends CodedError {
  constructor() {
    super('ORGANIZATION_REQUIRED', 'Switch to an organization first.');
  }
}

/** The user is no member of the organization. */
export class MembershipNotFound extends CodedError {
  constructor() {
    super('MEMBERSHIP_NOT_FOUND', 'This user is no member of the organization.');
  }
}

/** The caller's membership of the organization is suspended. */
export class MembershipSuspended extends CodedError {
  constructor() {
    super('MEMBERSHIP_SUSPENDED', 'Your membership of this organization is suspended.');
  }
}

/** The user is a member of the organization already. */
export class AlreadyMember extends CodedError {
  constructor() {
    super('ALREADY_MEMBER', 'This user is a member of the organization already.');
  }
}

/** No invitation has this id, as far as the caller may know. */
export class InvitationNotFound extends CodedError {
  constructor() {
    super('INVITATION_NOT_FOUND', 'There is no such invitation.');
  }
}

/** The invitation is too old. */
export class InvitationExpired extends CodedError {
  constructor() {
    super('INVITATION_EXPIRED', 'This invitation is too old. Ask for a new one.');
  }
}

/** The invitation was accepted, declined or revoked. */
export class InvitationClosed extends CodedError {
  constructor() {
    super('INVITATION_CLOSED', 'This invitation was accepted, declined or revoked.');
  }
}

/** The invitation is for another address than the caller's. The link shows that its holder reads mails to that address. */
export class InvitationEmailMismatch extends CodedError {
  constructor(email: string) {
    super('INVITATION_EMAIL_MISMATCH', 'This invitation is for another address than yours.', { email });
  }
}

/** The address has an account: its owner signs in. */
export class AccountExists extends CodedError {
  constructor() {
    super('ACCOUNT_EXISTS', 'This address has an account. Sign in to accept the invitation.');
  }
}

/** There are as many as there may be. */
export class LimitReached extends CodedError {
  constructor(limit: number, what: string) {
    super('LIMIT_REACHED', `There are at most ${limit} ${what}.`, { limit });
  }
}

/** No key has this id, as far as the caller may know. */
export class ApiKeyNotFound extends CodedError {
  constructor() {
    super('API_KEY_NOT_FOUND', 'There is no such API key.');
  }
}

/** No service account of the organization has this id. */
export class ServiceAccountNotFound extends CodedError {
  constructor() {
    super('SERVICE_ACCOUNT_NOT_FOUND', 'There is no such service account.');
  }
}

/** No module declares the codes in `permissions`. */
export class UnknownPermission extends CodedError {
  constructor(permissions: readonly string[]) {
    super('UNKNOWN_PERMISSION', `No module declares ${permissions.join(', ')}.`, { permissions });
  }
}

/** The caller lacks the codes in `permissions`, and so cannot give them to a key. */
export class PrivilegeEscalation extends CodedError {
  constructor(permissions: readonly string[]) {
    super('PERMISSION_NOT_HELD', `This needs permissions that you do not hold: ${permissions.join(', ')}.`, {
      permissions,
    });
  }
}

/** The session's user has not proved who they are for a while. */
export class ReauthenticationRequired extends CodedError {
  /** @param maxAge in seconds, of a proof that is recent enough. @param methods by which the session's user can prove it. */
  constructor(maxAge: number, methods: readonly AuthenticationMethod[]) {
    super('REAUTHENTICATION_REQUIRED', 'Prove again who you are: by beginReauthentication and reauthenticate.', {
      maxAge,
      methods,
    });
  }
}

/** Without it nobody could sign in to the account. */
export class LastLoginMethod extends CodedError {
  constructor() {
    super('LAST_LOGIN_METHOD', 'This is the last way to sign in to this account. Add another one first.');
  }
}

/** A challenge that is unknown, answered, of another session, or too old. */
export class InvalidChallenge extends CodedError {
  constructor() {
    super('INVALID_CHALLENGE', 'This challenge cannot be answered any more. Begin again.');
  }
}

/** A code or passkey that does not answer the challenge. */
export class InvalidCode extends CodedError {
  constructor() {
    super('INVALID_CODE', 'This is not the right answer.');
  }
}

/** The browser's answer does not make a passkey for this account. */
export class InvalidPasskey extends CodedError {
  constructor() {
    super('INVALID_PASSKEY', 'The passkey could not be verified. Begin again.');
  }
}

/** The caller has no passkey of this id. */
export class PasskeyNotFound extends CodedError {
  constructor() {
    super('PASSKEY_NOT_FOUND', 'There is no such passkey.');
  }
}

/** An authenticator app protects the account already. */
export class TotpAlreadyEnabled extends CodedError {
  constructor() {
    super('TOTP_ALREADY_ENABLED', 'An authenticator app protects this account already. Turn it off first.');
  }
}

/** There is no authenticator app to confirm or turn off, or no second factor that recovery codes could stand in for. */
export class TotpNotEnrolled extends CodedError {
  constructor() {
    super('TOTP_NOT_ENROLLED', 'There is no authenticator app to do this with. Enrol one first.');
  }
}

/** The organization asks its members for a second factor. */
export class MfaEnrollmentRequired extends CodedError {
  constructor(message = 'This organization asks for a second factor. Enrol one, or sign in with it.') {
    super('MFA_ENROLLMENT_REQUIRED', message);
  }
}

/** No provider has this id, or none is asked for. */
export class ProviderNotFound extends CodedError {
  constructor() {
    super('PROVIDER_NOT_FOUND', 'There is no such provider.');
  }
}

/** The provider does not answer, or not as it should. */
export class ProviderUnavailable extends CodedError {
  constructor() {
    super('PROVIDER_UNAVAILABLE', 'The provider does not answer as it should. Try again in a moment.');
  }
}

/** The provider vouches for no address of the account, and nobody is known by another one. */
export class ProviderEmailUnverified extends CodedError {
  constructor() {
    super('PROVIDER_EMAIL_UNVERIFIED', 'The provider has not verified an e-mail address of this account.');
  }
}

/** The address has an account here that is not linked. */
export class AccountLinkRequired extends CodedError {
  constructor() {
    super('ACCOUNT_LINK_REQUIRED', 'This address has an account. Sign in to it, then link the provider.');
  }
}

/** The account at the provider signs somebody else in. */
export class ExternalIdentityInUse extends CodedError {
  constructor() {
    super('EXTERNAL_IDENTITY_IN_USE', 'This account at the provider is linked to another account here.');
  }
}

/** The caller has no linked account of this id. */
export class ExternalIdentityNotFound extends CodedError {
  constructor() {
    super('EXTERNAL_IDENTITY_NOT_FOUND', 'There is no such linked account.');
  }
}

/** Accounts are made by invitation and by administrators. */
export class RegistrationClosed extends CodedError {
  constructor() {
    super('REGISTRATION_CLOSED', 'Nobody can register here without an invitation.');
  }
}
