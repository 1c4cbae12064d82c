import { organizationErased } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import { eraseTenantRows } from '@platform/postgres/tenancy';

/** An organization is gone: so is everything of it that this schema has. */
export const eraseRowsWhenOrganizationErased: EventHandler = onEvent(
  'shop.erase-organization',
  organizationErased,
  (_event, tx) => eraseTenantRows(tx),
);
