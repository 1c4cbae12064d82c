import type { PermissionCode } from '@platform/auth';
import { permissions } from '@platform/contracts';

/** The role that holds every permission that a role of its organization can have, also those of modules added later. */
export const ADMIN = 'admin';

/** The role of everyone who has an account. */
export const USER = 'user';

/** The role of everyone who has not signed in. */
export const GUEST = 'guest';

interface SystemRoleSeed {
  readonly name: string;
  readonly description: string;
  /** What it permits until an administrator decides otherwise. */
  readonly permissions: readonly PermissionCode[];
}

/** The roles that the platform makes itself. The administrator's permissions are computed, never stored. */
export const systemRoles: readonly SystemRoleSeed[] = [
  { name: ADMIN, description: 'Holds every permission.', permissions: [] },
  {
    name: USER,
    description: 'Everyone who has an account.',
    permissions: grantedTo(USER),
  },
  { name: GUEST, description: 'Everyone who has not signed in.', permissions: grantedTo(GUEST) },
];

/** What modules say that everyone with the role may do. */
function grantedTo(role: string): PermissionCode[] {
  const declared = Object.entries<{ readonly grantedTo: readonly string[] }>(permissions);
  return declared.filter(([, { grantedTo }]) => grantedTo.includes(role)).map(([code]) => code as PermissionCode);
}
