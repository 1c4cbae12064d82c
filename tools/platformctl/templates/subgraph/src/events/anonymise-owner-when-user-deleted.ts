import { userDeleted } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import { rememberDeletedUser } from '@platform/postgres/database';
import type { ProductService } from '../services/index.js';

/** A user is gone: their products stay and name nobody, and the id is remembered for what is still on its way. */
export const anonymiseOwnerWhenUserDeleted = (products: ProductService): EventHandler =>
  onEvent(
    'shop.anonymise-owner',
    userDeleted,
    async ({ data }, tx) => {
      await rememberDeletedUser(tx, data.userId);
      await products.anonymiseOwner(tx, data.userId);
    },
    { acrossTenants: true },
  );
