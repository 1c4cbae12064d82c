import { CodedError, Conflict } from '@platform/kernel/errors';

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

/** Another role has the name. */
export class RoleNameTaken extends Conflict {
  constructor(name: string) {
    super(`There is already a role named "${name}".`);
  }
}

/** The platform relies on this about its own roles. */
export class SystemRoleProtected extends CodedError {
  constructor(message: string) {
    super('SYSTEM_ROLE', message);
  }
}

/** Without an administrator nobody could make one. */
export class LastAdministrator extends CodedError {
  constructor() {
    super('LAST_ADMINISTRATOR', 'This is the last administrator. Make somebody else an administrator first.');
  }
}

/** No module declares the codes in `permissions`. */
export class UnknownPermission extends CodedError {
  constructor(readonly permissions: readonly string[]) {
    super('UNKNOWN_PERMISSION', `No module declares ${permissions.join(', ')}.`, { permissions });
  }
}

/** The caller lacks the codes in `permissions`, and so cannot give them to others. */
export class PermissionNotHeld extends CodedError {
  constructor(readonly permissions: readonly string[]) {
    super('PERMISSION_NOT_HELD', `You cannot give what you do not hold: ${permissions.join(', ')}.`, { permissions });
  }
}
