import { serviceAccountDeleted } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { ServiceAccountService } from '../services/index.js';

/** A service account is gone: so are its roles, if identity could not say so before it answered. */
export const removeRolesWhenServiceAccountDeleted = (accounts: ServiceAccountService): EventHandler =>
  onEvent('authz.remove-roles-of-service-account', serviceAccountDeleted, ({ data }, tx) =>
    accounts.forget(tx, data.serviceAccountId),
  );
