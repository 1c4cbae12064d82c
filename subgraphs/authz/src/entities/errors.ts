import { CodedError, Conflict } from '@platform/foundation/errors';

/** No role has this id. */
export class RoleNotFound extends CodedError {
  constructor() {
    super('ROLE_NOT_FOUND', 'There is no such role.');
  }
}

/** No user has this id, or the user was deleted. */
export class UserNotFound extends CodedError {
  constructor() {
    super('USER_NOT_FOUND', 'There is no such user.');
  }
}

/** No service account of the organization has this id. */
export class ServiceAccountNotFound extends CodedError {
  constructor() {
    super('SERVICE_ACCOUNT_NOT_FOUND', 'There is no such service account.');
  }
}

/** Another role has the name. */
export class RoleNameTaken extends Conflict {
  constructor(name: string) {
    super(`There is already a role named "${name}".`, { field: 'input.name' });
  }
}

/** The platform relies on this about its own roles. */
export class SystemRoleProtected extends CodedError {
  constructor(message: string) {
    super('SYSTEM_ROLE', message);
  }
}

/** Without an administrator who can sign in nobody could make one. */
export class LastAdministrator extends CodedError {
  constructor() {
    super(
      'LAST_ADMINISTRATOR',
      'This is the last administrator who can sign in. Make somebody else an administrator first.',
    );
  }
}

/** Another administrator may be about to go: whoever asked lets go of what they hold and asks again. Clients never see it. */
export class AdministratorsChanging extends CodedError {
  constructor() {
    super('ADMINISTRATORS_CHANGING', 'Another administrator is being changed. Try again in a moment.');
  }
}

/** No module declares the codes in `permissions`. */
export class UnknownPermission extends CodedError {
  constructor(readonly permissions: readonly string[]) {
    super('UNKNOWN_PERMISSION', `No module declares ${permissions.join(', ')}.`, { permissions });
  }
}

/** The caller lacks the codes in `permissions`: they cannot give or take them, nor act on somebody who holds them. */
export class PrivilegeEscalation extends CodedError {
  constructor(readonly permissions: readonly string[]) {
    super('PERMISSION_NOT_HELD', `This needs permissions that you do not hold: ${permissions.join(', ')}.`, {
      permissions,
    });
  }
}

/** The codes in `permissions` reach beyond one organization, and the role is not one of the default organization. */
export class PlatformPermission extends CodedError {
  constructor(readonly permissions: readonly string[]) {
    super('PLATFORM_PERMISSION', `Only roles of the default organization can have ${permissions.join(', ')}.`, {
      permissions,
    });
  }
}
