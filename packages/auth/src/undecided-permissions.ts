import { ServiceUnavailable } from '@platform/foundation/errors';

/** What a caller may do cannot be found out right now. */
export class PermissionsUnknown extends ServiceUnavailable {
  constructor() {
    super('What you may do cannot be found out right now. Try again in a moment.');
  }
}

/** Throws PermissionsUnknown whatever it is asked; its size is 0. */
class UndecidedPermissions extends Set<string> {
  override has(): never {
    throw new PermissionsUnknown();
  }
  override [Symbol.iterator](): never {
    throw new PermissionsUnknown();
  }
  override forEach(): never {
    throw new PermissionsUnknown();
  }
  override keys(): never {
    throw new PermissionsUnknown();
  }
  override values(): never {
    throw new PermissionsUnknown();
  }
  override entries(): never {
    throw new PermissionsUnknown();
  }
}

/**
 * The permissions of a caller while nobody can tell them. Whoever asks for one learns just that, so that for want of an answer nothing is
 * allowed, and nothing is refused as if it had been decided.
 */
export const undecidedPermissions: ReadonlySet<string> = new UndecidedPermissions();

/** Whether the caller's permissions are not known. */
export const isUndecided = ({ permissions }: { readonly permissions: ReadonlySet<string> }): boolean =>
  permissions === undecidedPermissions;
