import { defineEvent } from '@platform/events';
import { z } from 'zod';

const roleId = z.uuid();
const namedRole = z.object({ roleId, name: z.string() });
const assignment = z.object({ userId: z.uuid(), roleId, name: z.string() });
const serviceAccountRole = z.object({ serviceAccountId: z.uuid(), roleId, name: z.string() });
const grant = z.object({ roleId, permissions: z.array(z.string()) });

/** A role was made. */
export const roleCreated = defineEvent({ type: 'platform.role.created', resource: 'role', data: namedRole });

/** A role was renamed or described anew. */
export const roleUpdated = defineEvent({ type: 'platform.role.updated', resource: 'role', data: namedRole });

/** A role is gone, and with it every assignment of it. */
export const roleDeleted = defineEvent({ type: 'platform.role.deleted', resource: 'role', data: namedRole });

/** A user was given a role. */
export const roleAssigned = defineEvent({ type: 'platform.role.assigned', resource: 'role', data: assignment });

/** A role was taken from a user. */
export const roleRevoked = defineEvent({ type: 'platform.role.revoked', resource: 'role', data: assignment });

/** A role permits more. */
export const permissionGranted = defineEvent({ type: 'platform.permission.granted', resource: 'role', data: grant });

/** A role permits less. */
export const permissionRevoked = defineEvent({ type: 'platform.permission.revoked', resource: 'role', data: grant });

/** A service account was given a role. */
export const serviceAccountRoleAssigned = defineEvent({
  type: 'platform.service_account.role_assigned',
  resource: 'service_account',
  data: serviceAccountRole,
});

/** A role was taken from a service account. */
export const serviceAccountRoleRevoked = defineEvent({
  type: 'platform.service_account.role_revoked',
  resource: 'service_account',
  data: serviceAccountRole,
});
