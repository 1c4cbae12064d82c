import { defineEvent } from '@platform/events';
import { z } from 'zod';

const product = z.object({ productId: z.uuid(), ownerId: z.uuid().nullable() });

/** A product was created. */
export const productCreated = defineEvent({ type: 'shop.product.created', resource: 'product', data: product });

/** A product was changed. */
export const productUpdated = defineEvent({ type: 'shop.product.updated', resource: 'product', data: product });

/** A product is gone. */
export const productDeleted = defineEvent({ type: 'shop.product.deleted', resource: 'product', data: product });
