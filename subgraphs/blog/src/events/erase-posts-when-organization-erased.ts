import { organizationErased } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import { eraseTenantRows } from '@platform/postgres/tenancy';
import type { CoverImageService } from '../services/index.js';

/** An organization is gone: so are its posts, and everything about them. Files go first: the event comes again until the rows are gone, too. */
export const erasePostsWhenOrganizationErased = (covers: CoverImageService): EventHandler =>
  onEvent('blog.erase-organization', organizationErased, async (_event, tx) => {
    await covers.eraseAll(tx);
    await eraseTenantRows(tx);
  });
