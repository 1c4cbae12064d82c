import { CodedError } from '@platform/foundation/errors';

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
