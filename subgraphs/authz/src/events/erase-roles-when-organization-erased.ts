import { organizationErased } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { RoleService } from '../services/index.js';

/** An organization is gone: so are its roles, what they permit, and who has them. */
export const eraseRolesWhenOrganizationErased = (roles: RoleService): EventHandler =>
  onEvent('authz.erase-organization', organizationErased, (_event, tx) => roles.erase(tx));
