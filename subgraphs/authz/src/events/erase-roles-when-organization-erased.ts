import { organizationErased } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { RoleService } from '../services/index.js';

/** An organization is gone, and whoever erased it acted for it or for another one. */
export const eraseRolesWhenOrganizationErased = (roles: RoleService): EventHandler =>
  onEvent(
    'authz.erase-roles-when-organization-erased',
    organizationErased,
    ({ data }, tx) => roles.erase(tx, data.organizationId),
    { acrossTenants: true },
  );
