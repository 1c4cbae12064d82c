import { CodedError } from '@platform/foundation/errors';

/** There is one organization, which everybody belongs to. */
export class SingleOrganizationMode extends CodedError {
  constructor() {
    super('SINGLE_ORGANIZATION_MODE', 'This platform has one organization; tenancy.mode multi allows more.');
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
