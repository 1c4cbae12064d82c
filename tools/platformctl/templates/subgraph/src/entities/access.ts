import type { Caller, PermissionCode } from '@platform/auth';
import { type FindOptionsWhere, In } from 'typeorm';
import type { Product } from './product.entity.js';

const MANAGE: PermissionCode = 'shop.product.manage';
const NOBODY = In<string>([]);

/** The products that the caller may see, given the permission to see any: those of their tenant. */
export const readableBy = ({ tenantId }: Caller): FindOptionsWhere<Product> => ({ tenantId });

/** The products that the caller may change, given the permission to change any: their own; managers every one of their tenant. */
export const editableBy = ({ tenantId, userId, permissions }: Caller): FindOptionsWhere<Product> =>
  permissions.has(MANAGE) ? { tenantId } : { tenantId, ownerId: userId ?? NOBODY };
