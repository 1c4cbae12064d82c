import type { PermissionCode } from '@platform/auth';

/** The role that holds every permission, also those of modules added later. */
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
    permissions: [
      'blog.post.read',
      'blog.post.create',
      'blog.post.update',
      'blog.post.delete',
      'blog.post.publish',
      'blog.comment.create',
    ],
  },
  { name: GUEST, description: 'Everyone who has not signed in.', permissions: ['blog.post.read'] },
];
